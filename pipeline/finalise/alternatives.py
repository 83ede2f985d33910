"""A slot: one question of one video with its alternatives, each a group together with its twins."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from sys import intern

from pipeline.finalise.balance import contributions
from pipeline.finalise.difficulty import Measured, measured
from schemas.claim import ABOUT_EDITS, Axis
from schemas.group import BY_MODELS, CandidateGroup, GroupOutline, theme_of
from schemas.pair import RejectedKind, normalise_text
from schemas.shown import Shown


class Role(StrEnum):
    """The part that an answer plays in a pair."""

    CHOSEN = "chosen"
    REJECTED = "rejected"


WRITTEN = "written by models"
"""The theme of all answers of language models: shares of predicates are not for them."""
TypedText = tuple[str, str]
"""The type of a question, and a normalised answer to it."""
OfferedGroup = GroupOutline | CandidateGroup
"""A group on offer: what is read of it to choose, or all of it."""
RoleTheme = tuple[Role, str]
"""The theme of the chosen, or of the rejected, answer of a pair."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A group with its counterfactual twins: they stay or go together.

    It holds what choosing needs and no texts: there are many more alternatives than a set will hold groups.
    """

    content_sha256: str
    """Content hash of the video."""
    slot_id: str
    """The slot of the first group."""
    group_ids: tuple[str, ...]
    """The group, then its twins in order of id."""
    clip_id: str
    """The clip that it is about."""
    theme: str
    """What the true answer is about: `schemas.group.theme_of`, or `WRITTEN`."""
    axis: Axis
    """The axis of the question."""
    lean: Mapping[str, float]
    """`balance.contributions`, summed over the groups."""
    questions: frozenset[tuple[str, Shown, str]]
    """(clip, what is shown of it, normalised question) of each group: no two groups of the set share one."""
    pairs_by_role: Mapping[RoleTheme, int]
    """The number of pairs whose chosen, or rejected, answer has a theme."""
    pair_count: int
    """Pairs that it makes."""
    absent: frozenset[str]
    """Entities that its answers name and the video does not contain."""
    names_absent: bool
    """Whether some of its answers are about a thing that the video does not contain."""
    planted: bool
    """Whether it is about planted edits."""
    written: bool
    """Whether language models wrote it."""
    second_choice: bool
    """Whether it is taken only if no other alternative of the slot can be."""
    true_words: frozenset[str]
    """The words of its true answers."""
    margins: tuple[tuple[Measured, ...], ...] = ()
    """For each pair the margins that tell its answers apart."""
    borrowed: frozenset[TypedText] = frozenset()
    """The false answers that must be true ones of other videos, normalised, with the type of their question."""
    true_texts: frozenset[TypedText] = frozenset()
    """The true answers, if its false ones are borrowed."""
    alone: bool = False
    """Whether it is about stretches that are shown alone, and no model wrote it."""


def alternatives_of(
    content_sha256: str, groups: Sequence[OfferedGroup], words: bool
) -> Iterator[tuple[str, list[Alternative]]]:
    """The slots of one video in order of id, each with its alternatives in order of group id, second choices last."""
    bundles: dict[str, list[OfferedGroup]] = defaultdict(list)
    for group in sorted(groups, key=lambda g: (g.twin_of is not None, g.second_choice, g.group_id)):
        bundles[group.twin_of or group.group_id].append(group)
    slots: dict[str, list[Alternative]] = defaultdict(list)
    for bundle in bundles.values():
        slots[bundle[0].slot_id].append(_alternative(content_sha256, bundle, words))
    yield from sorted(slots.items())


def _alternative(content_sha256: str, bundle: Sequence[OfferedGroup], words: bool) -> Alternative:
    first = bundle[0]
    written = first.form == BY_MODELS
    lean: dict[str, float] = defaultdict(float)
    for group in bundle:
        for feature, value in contributions(group, words and not written).items():
            lean[intern(feature)] += value
    true_words = (word for group in bundle for word in normalise_text(group.chosen.text).split())
    return Alternative(
        content_sha256=content_sha256,
        slot_id=first.slot_id,
        group_ids=tuple(group.group_id for group in bundle),
        clip_id=first.clip_id,
        theme=WRITTEN if written else theme_of(first, first.chosen),
        axis=first.axis,
        lean=dict(lean),
        questions=frozenset((g.clip_id, g.shown, normalise_text(g.question)) for g in bundle),
        pairs_by_role=_of_models(bundle) if written else _pairs_by_role(bundle),
        pair_count=sum(len(group.rejected) for group in bundle),
        absent=frozenset(name for group in bundle for name in group.absent),
        names_absent=any(a.rejected_kind is RejectedKind.IRRELEVANT for g in bundle for a in g.answers),
        planted=any(claim.predicate in ABOUT_EDITS for claim in first.chosen.claims),
        written=written,
        alone=first.shown.segment_id is not None and not written,
        second_choice=first.second_choice,
        true_words=frozenset(map(intern, true_words)),
        margins=tuple(margins for group in bundle for margins in measured(group)),
        borrowed=frozenset((g.question_type.value, normalise_text(text)) for g in bundle for text in g.borrowed),
        true_texts=frozenset((g.question_type.value, normalise_text(g.chosen.text)) for g in bundle if g.borrowed),
    )


def _of_models(bundle: Sequence[OfferedGroup]) -> Mapping[RoleTheme, int]:
    pairs = sum(len(group.rejected) for group in bundle)
    return {(Role.CHOSEN, WRITTEN): pairs, (Role.REJECTED, WRITTEN): pairs}


def _pairs_by_role(bundle: Sequence[OfferedGroup]) -> Mapping[RoleTheme, int]:
    counts: dict[RoleTheme, int] = defaultdict(int)
    for group in bundle:
        counts[Role.CHOSEN, theme_of(group, group.chosen)] += len(group.rejected)
        for answer in group.rejected:
            counts[Role.REJECTED, theme_of(group, answer)] += 1
    return dict(counts)
