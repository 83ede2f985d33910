"""The questions that are in the set so far, the counts over them, and the reasons why the others are not."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pipeline.finalise.alternatives import Alternative, Role, RoleTheme
from pipeline.finalise.balance import Tally
from pipeline.finalise.difficulty import Difficulties
from schemas.claim import Axis
from schemas.drop import DropCause, DropReason
from stages.seeding import rng_for


@dataclass(frozen=True)
class Refusal:
    """Why a question is left out."""

    slot_id: str
    content_sha256: str
    """Content hash of the video."""
    cause: DropCause


class KeptQuestions:
    """The alternatives that are kept, at most one per slot, with running counts over them."""

    def __init__(self, seed: int, difficulties: Difficulties | None = None) -> None:
        """`difficulties` ranks the margins of all alternatives; without it no quarter is ever scarce."""
        self._difficulties = difficulties or Difficulties()
        self._of_quarter: Counter[int | None] = Counter()
        self._quarters: dict[str, int | None] = {}
        self.tally = Tally()
        """Imbalances over the kept alternatives."""
        self._seed = seed
        self._kept: dict[str, Alternative] = {}
        self._refusals: list[Refusal] = []
        self._pairs: Counter[RoleTheme] = Counter()
        self._pairs_of_axis: Counter[Axis] = Counter()
        self._of_video: Counter[str] = Counter()
        self._pairs_of_video: Counter[tuple[RoleTheme, str]] = Counter()
        self._videos: Counter[RoleTheme] = Counter()
        self._planted = self._planted_pairs = 0
        self._written = self._written_pairs = self._alone = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def options(self) -> Collection[Alternative]:
        """What is kept, in the order in which it was taken."""
        return self._kept.values()

    @property
    def refusals(self) -> Sequence[Refusal]:
        """Every question that was refused or dropped, in that order."""
        return self._refusals

    @property
    def videos(self) -> int:
        """Number of videos with a kept question."""
        return len({option.content_sha256 for option in self.options})

    @property
    def pair_count(self) -> int:
        """Pairs altogether."""
        return self._pairs_of_axis.total()

    @property
    def with_absent(self) -> int:
        """Number of questions with an answer about a thing that the video does not contain; not those of models."""
        return sum(option.names_absent and not option.written for option in self.options)

    @property
    def planted_pairs(self) -> int:
        """Pairs about planted edits."""
        return self._planted_pairs

    @property
    def of_the_scene(self) -> int:
        """Number of questions about whole clips as they are: those that may name a thing that is not there; not those
        of models.
        """
        return len(self) - self._planted - self._written - self._alone

    @property
    def written_pairs(self) -> int:
        """Pairs that language models wrote."""
        return self._written_pairs

    def role_themes(self) -> list[RoleTheme]:
        """Every theme that some kept answer has had in a role, in order of name."""
        return sorted(self._pairs)

    def pairs_of(self, role: Role, theme: str) -> int:
        """Number of pairs whose answer of that role has a theme."""
        return self._pairs[role, theme]

    def axes(self) -> list[Axis]:
        """The axes that have pairs, from the rarest to the commonest."""
        return sorted(+self._pairs_of_axis, key=lambda axis: (self._pairs_of_axis[axis], axis))

    def pairs_of_axis(self, axis: Axis) -> int:
        """Number of pairs of an axis."""
        return self._pairs_of_axis[axis]

    def share_of_axis(self, axis: Axis) -> float:
        """The share of all pairs that are of an axis, 0..1; ZeroDivisionError if there are no pairs."""
        return self._pairs_of_axis[axis] / self.pair_count

    def would_be_rare(self, option: Alternative, pairs: float, videos: float) -> bool:
        """Whether dropping an alternative would leave one of its themes in fewer pairs, or videos, than these."""
        for key, count in option.pairs_by_role.items():
            last = self._pairs_of_video[key, option.content_sha256] == count
            if self._pairs[key] - count < pairs or (last and self._videos[key] - 1 < videos):
                return True
        return False

    def quarter(self, option: Alternative) -> int | None:
        """The quarter of difficulty of an alternative; None if nothing of it was measured."""
        first = option.group_ids[0]
        if first not in self._quarters:
            self._quarters[first] = self._difficulties.quarter(option.margins)
        return self._quarters[first]

    def is_scarce(self, quarter: int | None, share: float, without: int = 0) -> bool:
        """Whether a quarter of difficulty has less than a share of the kept questions; `without` so many of its own."""
        measured = sum(count for known, count in self._of_quarter.items() if known is not None)
        return quarter is not None and self._of_quarter[quarter] - without < share * (measured - without)

    def is_last_of_video(self, option: Alternative) -> bool:
        """Whether its video has no other question: many videos are worth more to a set than many questions."""
        return self._of_video[option.content_sha256] == 1

    def take(self, option: Alternative) -> None:
        """Keep an alternative of a slot."""
        self._kept[option.slot_id] = option
        self._count(option, 1)

    def drop(
        self, option: Alternative, reason: DropReason, measured: float, limit: float, detail: str | None = None
    ) -> None:
        """Leave out what was kept."""
        del self._kept[option.slot_id]
        self._count(option, -1)
        self.refuse(option, reason, measured, limit, detail)

    def refuse(
        self, option: Alternative, reason: DropReason, measured: float, limit: float, detail: str | None = None
    ) -> None:
        """Leave out a question that was not kept."""
        cause = DropCause(reason, detail, round(measured, 6), round(limit, 6))
        self._refusals.append(Refusal(option.slot_id, option.content_sha256, cause))

    def draw(self, purpose: str, name: str) -> float:
        """A random number in [0, 1) that depends on nothing but the seed, the purpose and the name."""
        return float(rng_for(self._seed, purpose, name).random())

    def in_random_order(self, options: Iterable[Alternative]) -> list[Alternative]:
        """Alternatives in a random order that does not depend on the order in which they are given."""
        return sorted(options, key=lambda option: self.draw("cut", option.slot_id))

    def _count(self, option: Alternative, sign: int) -> None:
        self.tally.add(option.content_sha256, option.lean, sign)
        self._pairs_of_axis[option.axis] += sign * option.pair_count
        self._planted += sign * option.planted
        self._alone += sign * option.alone
        self._planted_pairs += sign * option.planted * option.pair_count
        self._written += sign * option.written
        self._written_pairs += sign * option.written * option.pair_count
        self._of_quarter[self.quarter(option)] += sign
        self._of_video[option.content_sha256] += sign
        for key, count in option.pairs_by_role.items():
            self._pairs[key] += sign * count
            before = self._pairs_of_video[key, option.content_sha256]
            self._pairs_of_video[key, option.content_sha256] = before + sign * count
            self._videos[key] += (before + sign * count > 0) - (before > 0)
