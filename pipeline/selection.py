"""Which alternatives of which questions stay: chosen at random, steered and cut by counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pydantic import Field

from pipeline.absence import elsewhere, presence
from pipeline.balance import BalanceConfig, Tally
from pipeline.proportions import pairs_allowed
from pipeline.slots import Alternative
from schemas.claim import Predicate
from schemas.drop import DropReason
from schemas.record import Record
from stages.seeding import rng_for

_HAND = 8
"""From so many groups, drawn at random, the one to drop is picked."""


class SelectionConfig(Record):
    """What a set may consist of."""

    max_groups_per_clip: int = Field(default=24, ge=1)
    """Questions kept about one clip."""
    max_predicate_share: float = Field(default=0.15, gt=0, le=1)
    """Largest share of the set's pairs that may assert one predicate as chosen, and as rejected answer."""
    predicate_free_pairs: int = Field(default=40, ge=0)
    """So many pairs of a predicate are never too many, however small the set."""
    max_predicate_loss: float = Field(default=0.4, ge=0, le=1)
    """Share of pairs that may go for the sake of proportion; beyond it, `max_predicate_share` is loosened."""
    balance: BalanceConfig = BalanceConfig()
    """How far the set may lean."""


@dataclass(frozen=True)
class Refusal:
    """Why a question is left out."""

    slot_id: str
    cluster: str
    reason: DropReason
    measured: float
    limit: float
    detail: str | None = None


class Selection:
    """The alternatives that stay, one a slot, and why the others went. Keys are slot ids, unique in the set."""

    def __init__(self, config: SelectionConfig, seed: int) -> None:
        self._config = config
        self._seed = seed
        self._tally = Tally()
        self.kept: dict[str, Alternative] = {}
        self.refusals: list[Refusal] = []

    def choose(self, slots: Mapping[str, Sequence[Alternative]]) -> None:
        """Take one alternative of each slot, whatever order the slots come in."""
        groups_of_clip: Counter[str] = Counter()
        asked: set[tuple[str, str, str]] = set()
        everything = [alternative for options in slots.values() for alternative in options]
        where = presence(everything, frozenset(name for option in everything for name in option.absent))
        for slot_id in self._in_turn(slots):
            options = slots[slot_id]
            present = [option for option in options if elsewhere(option, where) >= 1]
            fresh = [option for option in present if not option.questions & asked]
            if not present:
                self._refuse(options[0], DropReason.NO_ABSENT_ENTITY, 0, 1, min(options[0].absent))
            elif not fresh:
                self._refuse(options[0], DropReason.REPEATED_TEXT, 2, 1)
            elif groups_of_clip[fresh[0].clip_id] >= self._config.max_groups_per_clip:
                limit = self._config.max_groups_per_clip
                self._refuse(fresh[0], DropReason.OVER_MAX_GROUPS, limit + 1, limit)
            else:
                taken = self._best(slot_id, fresh)
                groups_of_clip[taken.clip_id] += 1
                asked |= taken.questions
                self._tally.add(taken.cluster, taken.lean)
                self.kept[slot_id] = taken

    def cut(self) -> None:
        """Drop questions until absences, proportions and balance hold of what is left."""
        before = None
        while before != len(self.kept):
            before = len(self.kept)
            self._cut_absences()
            self._cut_predicates()
            self._cut_features()

    def _in_turn(self, slots: Mapping[str, Sequence[Alternative]]) -> list[str]:
        """Slots at random, but the first of each predicate about a clip before the second of any."""
        shuffled = sorted(slots, key=lambda slot_id: self._lot("turn", slot_id))
        seen: Counter[tuple[str, Predicate]] = Counter()
        turns = {}
        for slot_id in shuffled:
            first = slots[slot_id][0]
            seen[first.clip_id, first.predicate] += 1
            turns[slot_id] = seen[first.clip_id, first.predicate]
        return sorted(shuffled, key=turns.__getitem__)

    def _best(self, slot_id: str, options: list[Alternative]) -> Alternative:
        rng = rng_for(self._seed, "finalise", slot_id)
        shuffled = [options[int(i)] for i in rng.permutation(len(options))]
        sigmas = self._config.balance.steer_sigmas

        def worsens(option: Alternative) -> float:
            return round(self._tally.change(option.cluster, option.lean, sigmas), 9)

        return min(shuffled, key=worsens)

    def _cut_absences(self) -> None:
        names = frozenset(name for option in self.kept.values() for name in option.absent)
        where = presence(self.kept.values(), names)
        for option in list(self.kept.values()):
            if elsewhere(option, where) < 1:
                missing = min(option.absent, key=lambda name: (len(where[name].keys() - {option.cluster}), name))
                self._drop(option, DropReason.NO_ABSENT_ENTITY, 0, 1, missing)

    def _cut_predicates(self) -> None:
        """Drop groups of predicates that are in too many pairs, those first whose loss mends the balance most."""
        limit = self._pairs_allowed()
        for role, predicate in sorted(self._pairs_by_role()):
            holders = [option for option in self.kept.values() if (role, predicate) in option.pairs_by_role]
            count = sum(option.pairs_by_role[role, predicate] for option in holders)
            drawn = self._drawn(holders)
            while count > limit:
                option = next(drawn)
                self._drop(option, DropReason.OVER_REPRESENTED, count, limit, predicate)
                count -= option.pairs_by_role[role, predicate]

    def _pairs_by_role(self) -> Counter[tuple[str, Predicate]]:
        counts: Counter[tuple[str, Predicate]] = Counter()
        for option in self.kept.values():
            counts.update(option.pairs_by_role)
        return counts

    def _pairs_allowed(self) -> float:
        config = self._config
        counts = [count for (role, _), count in self._pairs_by_role().items() if role == "chosen"]
        allowed = pairs_allowed(counts, config.max_predicate_share, config.max_predicate_loss)
        return max(allowed, config.predicate_free_pairs)

    def _cut_features(self) -> None:
        config = self._config.balance
        excesses = {f: self._tally.excess(f, config.cut_sigmas, config.cut_slack) for f in self._tally.features()}
        holders: dict[str, list[Alternative]] = defaultdict(list)
        for option in self.kept.values():
            for feature, lean in option.lean.items():
                if excesses[feature] > 0 and lean * self._tally.lean(feature) > 0:
                    holders[feature].append(option)
        for feature in sorted(holders, key=lambda f: (-excesses[f], f)):
            self._cut_feature(feature, holders[feature])

    def _cut_feature(self, feature: str, holders: list[Alternative]) -> None:
        config = self._config.balance
        drawn = self._drawn([option for option in holders if option.slot_id in self.kept])
        while self._tally.excess(feature, config.cut_sigmas, config.cut_slack) > 0:
            option = next(drawn, None)
            if option is None:
                return
            limit = max(config.cut_sigmas * self._tally.sigma(feature), config.cut_slack)
            self._drop(option, DropReason.OVER_REPRESENTED, abs(self._tally.lean(feature)), limit, feature)

    def _drawn(self, options: Iterable[Alternative]) -> Iterator[Alternative]:
        """In the order in which to drop: by lot, but of each few drawn the one first whose loss mends most."""
        waiting = iter(sorted(options, key=lambda option: self._lot("cut", option.slot_id)))
        hand = list(islice(waiting, _HAND))
        while hand:
            option = min(hand, key=self._loss)
            hand.remove(option)
            hand += islice(waiting, 1)
            yield option

    def _loss(self, option: Alternative) -> float:
        sigmas = self._config.balance.steer_sigmas
        return round(self._tally.change(option.cluster, option.lean, sigmas, sign=-1), 9)

    def _lot(self, purpose: str, slot_id: str) -> float:
        return float(rng_for(self._seed, purpose, slot_id).random())

    def _drop(self, option: Alternative, reason: DropReason, measured: float, limit: float, detail: str) -> None:
        self._tally.add(option.cluster, option.lean, sign=-1)
        del self.kept[option.slot_id]
        self._refuse(option, reason, measured, limit, detail)

    def _refuse(
        self, option: Alternative, reason: DropReason, measured: float, limit: float, detail: str | None = None
    ) -> None:
        self.refusals.append(
            Refusal(option.slot_id, option.cluster, reason, round(measured, 6), round(limit, 6), detail)
        )
