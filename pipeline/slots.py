"""A slot: one question of one video with its alternatives, each a group together with its twins."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.balance import contributions
from schemas.claim import Axis, Predicate
from schemas.group import CandidateGroup
from schemas.pair import RejectedKind, normalise_text


@dataclass(frozen=True)
class Alternative:
    """A group with its counterfactual twins: they stay or go together."""

    cluster: str
    """Content hash of the video."""
    slot_id: str
    """The slot of the first group."""
    groups: tuple[CandidateGroup, ...]
    """The group, then its twins in order of id."""
    lean: Mapping[str, float]
    """`balance.contributions`, summed over the groups."""

    @property
    def clip_id(self) -> str:
        """The clip that it is about."""
        return self.groups[0].clip_id

    @property
    def predicate(self) -> Predicate:
        """What the true answer asserts."""
        return self.groups[0].chosen.claim.predicate

    @property
    def axis(self) -> Axis:
        """The axis of the question."""
        return self.groups[0].axis

    @cached_property
    def questions(self) -> frozenset[tuple[str, str, str]]:
        """(clip, visual edit, normalised question) of each group: no two groups of the set share one."""
        return frozenset((g.clip_id, g.visual_edit.value, normalise_text(g.question)) for g in self.groups)

    @cached_property
    def pairs_by_role(self) -> Mapping[tuple[str, Predicate], int]:
        """In how many pairs each predicate is asserted by the chosen, and by the rejected answer."""
        counts: dict[tuple[str, Predicate], int] = defaultdict(int)
        for group in self.groups:
            counts["chosen", group.chosen.claim.predicate] += len(group.rejected)
            for answer in group.rejected:
                counts["rejected", answer.claim.predicate] += 1
        return dict(counts)

    @property
    def pair_count(self) -> int:
        """Pairs that it makes."""
        return sum(len(group.rejected) for group in self.groups)

    @property
    def absent(self) -> frozenset[str]:
        """Entities that its answers name and the video does not contain."""
        return frozenset(name for group in self.groups for name in group.absent)

    @cached_property
    def names_absent(self) -> bool:
        """Whether some of its answers are about a thing that the video does not contain."""
        return any(answer.rejected_kind is RejectedKind.IRRELEVANT for g in self.groups for answer in g.answers)

    @cached_property
    def true_words(self) -> frozenset[str]:
        """The words of its true answers."""
        return frozenset(word for group in self.groups for word in normalise_text(group.chosen.text).split())


def alternatives_of(
    cluster: str, groups: tuple[CandidateGroup, ...], words: bool
) -> Iterator[tuple[str, list[Alternative]]]:
    """The slots of one video in order of id, each with its alternatives in order of group id."""
    bundles: dict[str, list[CandidateGroup]] = defaultdict(list)
    for group in sorted(groups, key=lambda g: (g.twin_of is not None, g.group_id)):
        bundles[group.twin_of or group.group_id].append(group)
    slots: dict[str, list[Alternative]] = defaultdict(list)
    for bundle in bundles.values():
        lean: dict[str, float] = defaultdict(float)
        for group in bundle:
            for feature, value in contributions(group, words).items():
                lean[feature] += value
        slot_id = bundle[0].slot_id
        slots[slot_id].append(Alternative(cluster, slot_id, tuple(bundle), dict(lean)))
    yield from sorted(slots.items())
