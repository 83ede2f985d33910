"""Selects the set from the offers of all units: a deterministic pass that selects and assigns, and makes no text."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from pipeline.finalise.alternatives import Alternative, alternatives_of
from pipeline.finalise.choose import choose
from pipeline.finalise.cuts import drop_to_balance
from pipeline.finalise.difficulty import Difficulties
from pipeline.finalise.joined import Units, joined
from pipeline.finalise.kept import KeptQuestions, Refusal
from pipeline.finalise.other_words import GroupReader, OtherWords, WordGroups, WordsOnOffer
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import FinaliseConfig
from schemas.drop import DropCause, DropReason
from schemas.group import BY_MODELS, CandidateGroup
from schemas.unit import UnitOffer
from schemas.video import VideoRef

GroupsByVideo = dict[str, tuple[CandidateGroup, ...]]
"""The chosen groups of each video, by content hash."""
STAGE = "finalise"
_NO_PAIRS = DropCause(DropReason.NO_PAIRS, measured=0, limit=1)


def finalise(
    offers: Iterable[tuple[VideoRef, UnitOffer]],
    read_groups: GroupReader,
    config: FinaliseConfig,
    seed: int,
    other_words: OtherWords,
) -> Finalised:
    """Select among the groups of all units; neither the order of `offers` nor any uri changes what is selected.

    The offers are read one by one, and no more of each is held than choosing needs; the chosen groups are read whole.
    Groups with open places get words of other videos first, by `other_words`.

    Drops: questions for NO_ABSENT_ENTITY, NOT_TRUE_ELSEWHERE, REPEATED_TEXT, OVER_MAX_GROUPS and OVER_REPRESENTED, and
    those of language models for TOO_GUESSABLE; videos for NO_PAIRS.
    Raises ValueError if two offers have one content hash: a file that repeats is dropped before it is a unit.
    """
    videos: Units = {}
    by_video: dict[str, dict[str, list[Alternative]]] = {}
    written = WordsOnOffer()
    for ref, offer in offers:
        content = offer.content_sha256
        if content in videos:
            raise ValueError(f"{ref.uri}: a second unit with content {content}")
        videos[content] = (ref, offer.drops)
        complete = written.take(content, offer.groups)
        by_video[content] = dict(alternatives_of(content, complete, config.balance.words))
    words = other_words.fill(written, read_groups, config.max_word_share * len(videos))
    for content, about_words in words.groups.items():
        by_video[content] |= dict(alternatives_of(content, about_words, config.balance.words))
    slots = {slot_id: options for content in sorted(by_video) for slot_id, options in by_video[content].items()}
    everything = chain.from_iterable(slots.values())
    difficulties = Difficulties(margin for option in everything for pair in option.margins for margin in pair)
    kept = KeptQuestions(seed, difficulties)
    choose(slots, kept, config)
    drop_to_balance(kept, config)
    wanted: dict[str, set[str]] = defaultdict(set)
    for option in kept.options:
        wanted[option.content_sha256].update(option.group_ids)
    groups = {
        content: tuple(map(difficulties.rated, _whole(content, ids, read_groups, words)))
        for content, ids in sorted(wanted.items())
    }
    groups, guessable = _under_ceiling(groups, config.blind_ceiling)
    refused: dict[str, list[Refusal]] = defaultdict(list)
    for refusal in (*words.refusals, *kept.refusals, *guessable):
        refused[refusal.content_sha256].append(refusal)
    return joined(dict(sorted(videos.items())), groups, refused, config)


def _under_ceiling(groups: GroupsByVideo, ceiling: float | None) -> tuple[GroupsByVideo, Sequence[Refusal]]:
    """As `under_ceiling`; a set without a question of a language model needs no readers."""
    if not any(group.form == BY_MODELS for own in groups.values() for group in own):
        return groups, ()
    from pipeline.finalise.blind_ceiling import under_ceiling  # noqa: PLC0415 scikit-learn takes a second to load

    return under_ceiling(groups, ceiling)


def _whole(
    content: str, group_ids: Collection[str], read_groups: GroupReader, words: WordGroups
) -> Iterator[CandidateGroup]:
    """Some groups of a video; those with open places as they were filled."""
    yield from (group for group in read_groups(content, group_ids) if not group.open_words)
    yield from words.filled(content, group_ids)
