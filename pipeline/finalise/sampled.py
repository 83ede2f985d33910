"""Selects a round of self-sampling: all pairs stay but those by which the better answer is told by its length."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.finalise.joined import Units, joined
from pipeline.finalise.kept import Refusal
from pipeline.finalise.lengths import PairLengths, length_correlation, length_matched
from pipeline.finalise.other_words import GroupReader
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import FinaliseConfig
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.hash_order import hash_fraction
from schemas.samples import count_words
from schemas.unit import UnitOffer
from schemas.video import VideoRef

STAGE = "finalise"


@dataclass(frozen=True)
class _Candidate:
    """One pair that may be in the set."""

    content_sha256: str
    group_id: str
    slot_id: str
    place: int
    """Of the rejected answer in its group."""
    lengths: PairLengths

    @property
    def pair(self) -> str:
        return f"{self.group_id}-{self.place}"


def finalise_samples(
    offers: Iterable[tuple[VideoRef, UnitOffer]], read_groups: GroupReader, config: FinaliseConfig, seed: int
) -> Finalised:
    """Match the pairs of all units by length; neither the order of `offers` nor any uri changes what is selected.

    Drops: pairs for OVER_REPRESENTED (measured: the correlation of label and length before), and questions that have
    no other pair; videos for NO_PAIRS.
    """
    units: Units = {}
    candidates: list[_Candidate] = []
    for ref, offer in offers:
        units[offer.content_sha256] = (ref, offer.drops)
        candidates += _candidates(offer)
    candidates.sort(key=lambda one: (hash_fraction(f"{seed} {one.pair}"), one.pair))
    lengths = [one.lengths for one in candidates]
    limit = config.max_length_correlation
    stays = [True] * len(candidates) if limit is None else length_matched(lengths, limit)
    cause = DropCause(
        DropReason.OVER_REPRESENTED,
        "the better answer would be told by its length",
        round(length_correlation(lengths), 6),
        limit,
    )
    kept: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    drops: dict[str, list[Drop]] = defaultdict(list)
    for one, is_kept in zip(candidates, stays, strict=True):
        if is_kept:
            kept[one.content_sha256][one.group_id].append(one.place)
        else:
            drops[one.content_sha256].append(cause.drop(one.pair, ItemType.PAIR, STAGE))
    asked = {(one.content_sha256, one.slot_id) for one in candidates}
    left = {(one.content_sha256, one.slot_id) for one, is_kept in zip(candidates, stays, strict=True) if is_kept}
    refused: dict[str, list[Refusal]] = defaultdict(list)
    for content, slot_id in sorted(asked - left):
        refused[content].append(Refusal(slot_id, content, cause))
    groups = {
        content: tuple(_with_rejected(group, places[group.group_id]) for group in read_groups(content, list(places)))
        for content, places in sorted(kept.items())
    }
    given = {content: (ref, (*own, *drops[content])) for content, (ref, own) in sorted(units.items())}
    return joined(given, groups, refused, config)


def _candidates(offer: UnitOffer) -> Iterable[_Candidate]:
    for group in offer.groups:
        better = count_words(group.chosen.text)
        for place, rejected in enumerate(group.rejected):
            lengths = PairLengths(better, count_words(rejected.text))
            yield _Candidate(offer.content_sha256, group.group_id, group.slot_id, place, lengths)


def _with_rejected(group: CandidateGroup, places: Sequence[int]) -> CandidateGroup:
    """The group with these of its rejected answers alone."""
    kept = [group.rejected[place] for place in sorted(places)]
    answers = tuple(answer for answer in group.answers if answer is group.chosen or answer in kept)
    return group.model_copy(update={"answers": answers, "balance_others": ((),) * len(kept)})
