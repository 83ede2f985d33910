"""Questions about writing get the words of other videos as false answers, proven not to be written in their own."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from pipeline.finalise.finalise import finalise
from pipeline.finalise.other_words import OtherWords, WordsOnOffer
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import FinaliseConfig
from schemas.claim import Predicate
from schemas.clip import Frame, UnitClip
from schemas.drop import Drop, DropReason
from schemas.group import CandidateGroup
from schemas.pair import RejectedKind
from schemas.unit import LentClip
from schemas.video import VideoRef
from stages.claims.answers import prove_pair
from stages.claims.proof import ClipProver, ProofConfig
from stages.facts.writer import FactsWriter
from stages.reading.tracks import with_writing
from tests.readings import MOMENTS, read_scene, reading, sign
from tests.sets import Offered, content_hash, outline
from tests.stages.facts.clips import clip_of, signs

CONFIG = FinaliseConfig(max_predicate_share=1, min_axis_share=0, min_absent_share=0)


def clip_with(text: str, number: int, *also: str) -> UnitClip:
    """A clip that shows a line all along, and for a moment others that are read badly."""
    read = read_scene(*sign(text), *(reading(MOMENTS[5], one, y=0.8, score=0.35) for one in also))
    frames = [Frame(pts_seconds=moment, jpeg=b"jpeg") for moment in MOMENTS]
    return clip_of(with_writing(read, frames), content_hash(number))


def finalised(clips: Mapping[int, UnitClip], config: FinaliseConfig = CONFIG) -> Finalised:
    """The set of these videos, asked about nothing but writing."""
    groups: dict[str, tuple[CandidateGroup, ...]] = {}
    for number, clip in clips.items():
        written = FactsWriter(negatives=()).write(clip, 200, ProofConfig(), np.random.default_rng(number))
        offered = [group for of in written if not isinstance(of, Drop) for group in of]
        groups[content_hash(number)] = tuple(g for g in offered if g.chosen.claim.predicate is Predicate.READS)
    offers = [
        (VideoRef(uri=f"{number}.mp4"), Offered(content_hash(number), len(of), of).outlined())
        for number, of in zip(clips, groups.values(), strict=True)
    ]
    lent = {
        content_hash(n): (LentClip(clip_id=clip.clip_id, scene=clip.scene, segments=()),) for n, clip in clips.items()
    }

    def read(content: str, group_ids: Collection[str]) -> Iterable[CandidateGroup]:
        return (group for group in groups[content] if group.group_id in group_ids)

    return finalise(offers, read, config, 0, OtherWords(lent.__getitem__, ProofConfig(), 0))


def asked(made: Finalised) -> list[CandidateGroup]:
    return [group for video in made.videos for group in video.groups]


WORDS = ("MARKET", "HARBOUR", "LIBRARY", "PHARMACY")


def test_false_words_are_true_in_other_videos_and_proven_false_in_their_own() -> None:
    """Each of four words is asked about once, with the three others; verify's proof of every pair passes."""
    clips = {number: clip_with(word, number) for number, word in enumerate(WORDS)}
    made = finalised(clips)
    assert {group.chosen.claim.value for group in asked(made)} == {word.casefold() for word in WORDS}
    for group in asked(made):
        others = {answer.claim.value for answer in group.rejected}
        assert others == {word.casefold() for word in WORDS} - {group.chosen.claim.value}
        assert set(group.absent) == others
        assert {answer.rejected_kind for answer in group.rejected} == {RejectedKind.IRRELEVANT}
        assert all(f'"{answer.claim.value.upper()}"' in answer.text for answer in group.answers)
    for number, video in enumerate(sorted(made.videos, key=lambda video: video.ref.uri)):
        prover = ClipProver(clips[number], ProofConfig())
        assert not [
            failure for pair in video.pairs() for failure in prove_pair(pair, prover) if "proof" in str(failure)
        ]


def test_a_word_that_may_be_written_is_no_false_answer() -> None:
    """What was read once at 0.35 as "harbor" is too near to "harbour"."""
    clips = {number: clip_with(word, number) for number, word in enumerate(WORDS)}
    clips[0] = clip_with(WORDS[0], 0, "harbor")
    [group] = [group for group in asked(finalised(clips)) if group.chosen.claim.value == "market"]
    assert {answer.claim.value for answer in group.rejected} == {"library", "pharmacy"}


def test_the_only_word_of_a_set_is_not_asked_about() -> None:
    """There is nothing to choose it among."""
    made = finalised({0: clip_with("MARKET", 0)})
    assert not made.videos
    assert DropReason.NO_ABSENT_ENTITY in {drop.reason for drop in made.drops}


def test_watermarks_are_not_asked_about() -> None:
    """A word of three videos of eight, where a fifth is allowed; with two it is asked about."""
    clips = {number: clip_with(word, number) for number, word in enumerate((*WORDS, "BRIDGE"))}
    config = CONFIG.model_copy(update={"max_word_share": 0.2})
    marked = clips | {number: clip_with("SHUTTERSTOCK", number) for number in (5, 6, 7)}
    made = finalised(marked, config)
    assert "shutterstock" not in {answer.claim.value for group in asked(made) for answer in group.answers}
    assert DropReason.OVER_REPRESENTED in {drop.reason for drop in made.drops}
    twice = finalised({number: marked[number] for number in range(7)}, config)
    assert "shutterstock" in {group.chosen.claim.value for group in asked(twice)}


def test_the_order_of_the_videos_changes_nothing() -> None:
    """Nor does their number in the offers."""
    clips = {number: clip_with(word, number) for number, word in enumerate(WORDS)}
    backwards = dict(reversed(clips.items()))
    assert [g.model_dump() for g in asked(finalised(clips))] == [g.model_dump() for g in asked(finalised(backwards))]


def test_a_word_that_only_questions_say_is_not_lent() -> None:
    """Of "When is the word written?" no answer says the word, so it would be recognised among false answers."""
    groups = []
    for seed in range(4):
        written = FactsWriter(negatives=()).write(clip_of(signs()), 200, ProofConfig(), np.random.default_rng(seed))
        groups += [group for of in written if not isinstance(of, Drop) for group in of]
    offered = WordsOnOffer()
    offered.take("video", [outline(group) for group in groups if "/written_when." in group.slot_id])
    assert offered.videos_by_word(answered=False)
    assert not offered.videos_by_word(answered=True)
