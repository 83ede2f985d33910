"""Groups that cannot be read or encoded are left out and counted, up to a share of all groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.errors import DamagedClipError, EncodingError, TrainingError
from trainer.data.groups import STAGE
from trainer.data.twins import TwinGroups
from trainer.loop.metrics_log import STEP, MetricsLog, Value
from trainer.loop.progress import Say
from trainer.loop.ranks import Rank

DROPPED = "dropped"
_SHOWN = 3
"""Groups that the line about too many of them names."""


@dataclass(frozen=True)
class UnusableGroup:
    """A group, with those that would have been trained on in one backward pass with it, that cannot be used."""

    groups: TwinGroups
    reason: DropReason
    text: str
    """One line: which group, and why."""

    @classmethod
    def of(cls, groups: TwinGroups, error: DamagedClipError | EncodingError) -> "UnusableGroup":
        """The groups of which one raised this."""
        damaged = isinstance(error, DamagedClipError)
        return cls(groups, DropReason.UNREADABLE if damaged else DropReason.NOT_ENCODABLE, str(error))


@dataclass
class Unusables:
    """What was left out so far, over all processes and over all runs of a training."""

    groups: int
    """Groups to train on and to evaluate on."""
    max_share: float
    log: MetricsLog
    say: Say
    rank: Rank = field(default_factory=Rank)
    resumed_at: int = 0
    """The step after which this run began: what is logged of later steps will be found again."""
    _known: dict[str, Drop] = field(default_factory=dict)
    _new: dict[str, UnusableGroup] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known = {drop.item_id: drop for drop in _logged(self.log.read(), self.resumed_at)}

    @property
    def most(self) -> int:
        """Groups that may be left out."""
        return int(self.max_share * self.groups)

    @property
    def limit(self) -> str:
        """The end of a line about too many of them."""
        return (
            f"engine.max_dropped_share={self.max_share:g} allows {self.most} of {self.groups} groups to be left out; "
            "see vidpref verify, try fewer frames (--set data.num_frames=8), or a larger share"
        )

    @property
    def drops(self) -> tuple[Drop, ...]:
        """Each group once, in order of its id."""
        return tuple(self._known[name] for name in sorted(self._known))

    def note(self, unusable: UnusableGroup) -> None:
        """Remember what this process had to leave out until all processes settle it."""
        for group in unusable.groups:
            if group.group_id not in self._known:
                self._new[group.group_id] = unusable

    def settle(self, step: int) -> None:
        """Log what any process left out since the last time; all processes must call it after the same step.

        TrainingError if there is more than the recipe allows.
        """
        found = dict(chain.from_iterable(one.items() for one in self.rank.gathered(self._new)))
        self._new = {}
        for name in sorted(found.keys() - self._known.keys()):
            self._known[name] = _drop(name, found[name])
            if self.rank.leads:
                self.say(f"left out: {found[name].text}")
                self.log.append(step, _record(self._known[name], found[name].text))
        if len(self._known) > self.most:
            named = "; ".join(found[name].text for name in sorted(found)[:_SHOWN])
            raise TrainingError(f"{len(self._known)} groups cannot be used, the last: {named}; {self.limit}")


def _drop(name: str, unusable: UnusableGroup) -> Drop:
    [video_id] = {group.video_id for group in unusable.groups if group.group_id == name}
    return DropCause(unusable.reason).drop(name, ItemType.GROUP, STAGE, video_id=video_id)


def _record(drop: Drop, text: str) -> dict[str, Value]:
    return {DROPPED: drop.item_id, "video_id": drop.video_id, "reason": drop.reason.value, "text": text}


def _logged(records: Sequence[Mapping[str, Value]], until: int) -> Iterable[Drop]:
    for record in records if until else ():
        if DROPPED in record and int(record[STEP] or 0) <= until:
            cause = DropCause(DropReason(str(record["reason"])))
            yield cause.drop(str(record[DROPPED]), ItemType.GROUP, STAGE, video_id=str(record["video_id"]))
