"""What is taken from a set of questions, and proven again."""

from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.questions.shelf import QuestionShelf, contents_of, manifest_sha256
from pipeline.questions.take import TakeQuestions
from schemas.clip import Clip
from schemas.drop import ItemType
from schemas.pair import Pair
from schemas.shown import EditKind, Shown, ShownEdit
from stages.claims.margins import Margins
from stages.claims.proof import ProofConfig
from stages.payloads import RoundVideo
from stages.retrospection.settings import Retrospect
from stages.stage import read_here
from tests.finished import store, write_set


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two questions about each of three clips."""
    folder = tmp_path_factory.mktemp("questions")
    write_set(folder, videos=3)
    return folder


def _taken(folder: Path, **fields: object) -> list[RoundVideo]:
    stage = TakeQuestions(retrospect=Retrospect(questions=str(folder)), **fields)  # type: ignore[arg-type]
    tools = stage.open(read_here)
    videos = contents_of(FinishedSet.open(str(folder))).videos
    found = []
    for video in videos:
        [one] = stage.process(video.content_sha256, tools, None)  # type: ignore[arg-type]
        assert isinstance(one, RoundVideo)
        found.append(one)
    return found


def test_each_question_comes_with_its_answers_and_their_truth(questions: Path) -> None:
    """One answer is true and the others false, with the claims that are stored; the order does not tell which."""
    pairs = list(FinishedSet.open(str(questions)).records(Pair, "pairs"))
    taken = [one for video in _taken(questions) for one in video.questions]
    assert {one.question_id for one in taken} == {pair.group_id for pair in pairs}
    for one in taken:
        own = [pair for pair in pairs if pair.group_id == one.question_id]
        true = [answer for answer in one.answers if answer.is_true]
        assert [(answer.text, answer.claims) for answer in true] == [(own[0].chosen, own[0].chosen_claims)]
        assert {a.text for a in one.answers if a.is_true is False} == {pair.rejected for pair in own}
    places = {one.answers.index(next(a for a in one.answers if a.is_true)) for one in taken}
    assert len(places) > 1


def test_what_wider_margins_do_not_prove_has_no_claim(questions: Path) -> None:
    """A recipe that asks for a shift of a whole frame side proves no movement: all answers are free texts to it."""
    proof = ProofConfig(margins=Margins(shift=5.0))
    answers = [answer for video in _taken(questions, proof=proof) for one in video.questions for answer in one.answers]
    assert {(answer.claims, answer.is_true) for answer in answers} == {((), None)}


def test_videos_keep_what_their_manifest_said(questions: Path) -> None:
    """Ids, uris, sources, splits and licences, in order of content."""
    opened = FinishedSet.open(str(questions))
    videos = contents_of(opened).videos
    clips = {clip.content_sha256: clip for clip in opened.records(Clip, "clips")}
    assert [video.content_sha256 for video in videos] == sorted(clips)
    for video in videos:
        assert (video.video_id, video.ref.uri) == (
            clips[video.content_sha256].video_id,
            clips[video.content_sha256].uri,
        )
        assert (video.ref.source, video.ref.licence) == ("drawn", "CC0-1.0")
        assert video.ref.split is not None


def test_clips_are_read_whole(questions: Path) -> None:
    """With their frames, segments and scenes; of a video that is not there, none."""
    opened = FinishedSet.open(str(questions))
    shelf = QuestionShelf(opened, None)
    for clip in opened.records(Clip, "clips"):
        [found] = shelf.clips(clip.content_sha256)
        assert found.model_dump() == clip.model_dump(exclude={"video_id", "uri"})
    assert shelf.clips("0" * 64) == ()


def test_a_question_with_a_clip_of_another_video_is_left_out_and_counted(questions: Path, tmp_path: Path) -> None:
    """Its twin in the round would need that video: the drop is carried to the end."""
    opened = FinishedSet.open(str(questions))
    pairs, clips = list(opened.records(Pair, "pairs")), list(opened.records(Clip, "clips"))
    clip = next(clip for clip in clips if clip.clip_id == pairs[0].clip_id)
    other = next(one.clip_id for one in clips if one.clip_id != clip.clip_id)
    times = {"start_seconds": clip.start_seconds, "end_seconds": clip.end_seconds}
    swapped = Shown(edits=(ShownEdit(kind=EditKind.SWAPPED, other_clip_id=other, amount=0.0, **times),))
    changed = [
        pair.model_copy(update={"shown": swapped}) if pair.group_id == pairs[0].group_id else pair for pair in pairs
    ]
    store(tmp_path, changed, clips, (), questions=6)
    taken = _taken(tmp_path)
    assert sum(len(video.questions) for video in taken) == 5
    [drop] = [drop for video in taken for drop in video.left_out]
    assert (drop.item_id, drop.item_type) == (pairs[0].group_id, ItemType.QUESTION)


def test_the_hash_of_a_set_is_that_of_its_manifest(questions: Path, tmp_path: Path) -> None:
    """Another set has another one, wherever it lies."""
    write_set(tmp_path, videos=2)
    first, second = (manifest_sha256(FinishedSet.open(str(path))) for path in (questions, tmp_path))
    assert first != second
