"""What the pages show of a set agrees with its rows."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.presentation.as_shown import as_shown
from pipeline.storage.location import Location
from pipeline.viewer.blind import options_of
from pipeline.viewer.clip_shelf import ClipShelf
from pipeline.viewer.marked import LONGEST, marked
from pipeline.viewer.pair_table import GroupQuery
from pipeline.viewer.prompt_texts import prompt_text
from pipeline.viewer.raw_replies import RawReplies
from pipeline.viewer.run import review_table
from pipeline.viewer.session import Sampling, ViewerSession, hash_of
from prompts.prompt import prompt, prompt_names
from schemas.errors import DatasetError, UserError
from schemas.text_span import TextSpan
from stages.models.chat import ChatReply
from tests.finished import Whole, store
from tests.pipeline.viewer.sets import pairs_of, session, twinned_set

ALL = GroupQuery()


@pytest.fixture
def opened(whole: Whole, tmp_path: Path) -> ViewerSession:
    """The shared set, with no verdicts yet."""
    return session(whole.path, tmp_path / "reviews")


def test_a_group_shows_its_clip_as_the_pair_does(whole: Whole, tmp_path: Path) -> None:
    """Of a mirrored twin the boxes are mirrored with the frames; words that differ are marked by the stored spans."""
    pair = twinned_set(tmp_path / "ds", whole)
    opened = session(tmp_path / "ds", tmp_path / "reviews")
    clip = as_shown(next(clip for clip in whole.clips if clip.clip_id == pair.clip_id), pair.shown)
    page = opened.group(pair.group_id, ALL, blind=False)
    assert page["clip"]["shown"] == "mirrored"
    assert page["times"] == [frame.pts_seconds for frame in clip.frames]
    for track, shown in zip(clip.scene.tracks, page["tracks"], strict=True):
        assert shown["boxes"] == [[b.frame_index, b.x0, b.y0, b.x1, b.y1] for b in track.boxes]
    [first, *_] = page["pairs"]
    assert "".join(part["text"] for part in first["chosen"]) == pair.chosen
    assert [p["text"] for p in first["chosen"] if p["marked"]] == [span.of(pair.chosen) for span in pair.chosen_spans]
    assert pair.twin_of in page["twins"]


def test_every_group_of_the_set_has_a_page(whole: Whole, opened: ViewerSession) -> None:
    """Each with the words of its evidence, its checks, and visuals that can be drawn."""
    for pair in {pair.group_id: pair for pair in pairs_of(whole)}.values():
        page = opened.group(pair.group_id, ALL, blind=False)
        assert page["pairs"][0]["lines"]
        assert len(page["pairs"][0]["verdicts"]) == len(pair.verdicts)
        for number in range(len(pair.visual_negatives)):
            assert opened.shelf.negative(pair, number, "corrupted")[0].jpeg[:2] == b"\xff\xd8"


def test_the_next_group_is_the_next_of_the_filter(opened: ViewerSession) -> None:
    """From any group of the list, and from one that the filter does not find: the first after it in its order."""
    clip_id = min(opened.table.facets["clip"].values)
    query = GroupQuery({"clip": frozenset((clip_id,))}, sort="question", descending=True)
    found = [opened.table.group_ids[number] for number in opened.find(query).groups]
    first, last = found
    assert opened.group(first, query, blind=False)["place"] == {
        "position": 1,
        "total": len(found),
        "previous": None,
        "next": last,
    }
    assert opened.group(last, query, blind=False)["place"]["next"] is None
    every = [opened.table.group_ids[n] for n in opened.find(GroupQuery(sort="question", descending=True)).groups]
    outside = next(group_id for group_id in every if group_id not in found)
    later = [group_id for group_id in every[every.index(outside) :] if group_id in found]
    assert opened.group(outside, query, blind=False)["place"]["next"] == next(iter(later), None)


def test_blind_shows_no_label_until_an_answer_is_picked(whole: Whole, opened: ViewerSession) -> None:
    """Nothing but the clip, the question and the answers in an order that tells nothing; then everything."""
    pair = next(pair for pair in pairs_of(whole) if not pair.twin_of)
    page = opened.group(pair.group_id, ALL, blind=True)
    assert not page.keys() & {"pairs", "negatives", "evidence_tracks", "look_at", "keyframes", "twins", "prompts"}
    group = [other for other in pairs_of(whole) if other.group_id == pair.group_id]
    options = options_of(group)
    assert sorted(options) == sorted({pair.chosen, *(other.rejected for other in group)})
    assert opened.pick(pair.group_id, options.index(pair.chosen))["right"] is True
    assert "pairs" in opened.group(pair.group_id, ALL, blind=True)


def test_blind_accuracy_counts_questions_beside_chance(whole: Whole, opened: ViewerSession) -> None:
    """One right and one wrong pick; chance is one in the number of answers of each question."""
    groups = {pair.group_id: pair for pair in pairs_of(whole)}
    (first, right), (second, wrong), *_ = groups.items()
    answers = {g: options_of(opened.pairs_of(g)) for g in (first, second)}
    opened.pick(first, answers[first].index(right.chosen))
    opened.pick(second, answers[second].index(wrong.rejected))
    chance = round(sum(1 / len(options) for options in answers.values()), 1)
    assert opened.progress()["blind"] == {"picked": 2, "right": 1, "by_chance": chance}
    with pytest.raises(UserError, match="has no answer 99"):
        opened.pick(first, 99)


def test_a_sample_is_all_that_is_shown(whole: Whole, tmp_path: Path) -> None:
    """Ten pairs, each alone on its page; the table at the end counts what was said of them."""
    opened = session(whole.path, tmp_path / "reviews", sampling=Sampling(10))
    page = opened.list_page(ALL, 0, 50)
    opened.pick(page["rows"][0]["group_id"], 0)
    assert opened.progress()["blind"]["by_chance"] == 0.5
    assert (page["groups"], page["pairs"], page["reviewed"]["of"]) == (10, 10, 10)
    for row in page["rows"]:
        [pair] = opened.pairs_of(row["group_id"])
        opened.review.say(pair.pair_id, hash_of(pair), {"judgement": "right"})  # type: ignore[typeddict-item]
    console = Console(file=io.StringIO(), record=True, width=120)
    console.print(review_table(opened))
    assert "ann judged 10 of 10 pairs" in console.export_text()


def test_verdicts_on_other_texts_do_not_count(whole: Whole, opened: ViewerSession) -> None:
    """A verdict with another hash, and one of a pair that is gone."""
    pair = pairs_of(whole)[0]
    opened.review.say(pair.pair_id, "other texts", {"note": "old"})
    opened.review.say("gone", "h", {"note": "gone"})
    assert opened.of_this_set(list(opened.review.verdicts.values())) == []


def test_what_became_of_a_video(whole: Whole, opened: ViewerSession) -> None:
    """Its groups and its drops, which add up to those of the set; an unknown one is refused."""
    drops = whole.finalised.drops
    assert opened.drops.page({}, "", 0, 5)["total"] == len(drops)
    video_id = pairs_of(whole)[0].video_id
    found = opened.video(video_id)
    own = {pair.group_id for pair in pairs_of(whole) if pair.video_id == video_id}
    assert {row["group_id"] for row in found["groups"]} == own
    assert len(found["drops"]) == sum(drop.video_id == video_id for drop in drops)
    with pytest.raises(UserError, match="has no video"):
        opened.video("nobody")


def test_drops_are_filtered_and_counted(whole: Whole, opened: ViewerSession) -> None:
    """By stage and reason, as the rows are."""
    counted = [drop.reason.value for drop in whole.finalised.drops]
    page = opened.drops.page({"reason": frozenset(counted[:1])}, "", 0, 1000)
    assert page["total"] == counted.count(counted[0]) == len(page["rows"])
    assert page["facets"]["reason"] == {reason: counted.count(reason) for reason in set(counted)}
    assert sum(n for reasons in opened.drops.flow().values() for n in reasons.values()) == len(counted)


def test_an_empty_set_is_one_line(tmp_path: Path) -> None:
    """There is nothing to look at."""
    store(tmp_path / "ds", [], [], [], questions=0)
    with pytest.raises(DatasetError, match="holds no pairs"):
        session(tmp_path / "ds", tmp_path / "reviews")


def test_prompts_are_found_by_their_hashes() -> None:
    """Of every prompt of models, as rows name it; of one that is not installed there is no text."""
    for name in prompt_names():
        found = prompt_text(prompt(name).label)
        assert found is not None
        assert found[1] == prompt(name).text
    assert prompt_text("0123456789abcdef") is None


def test_raw_replies_are_found_by_the_texts_they_hold(tmp_path: Path) -> None:
    """Quotes are escaped in a reply; what is no reply is passed over."""
    reply = ChatReply(texts=(json.dumps({"answer": 'It says "Exit".'}),), finish_reasons=("stop",), model="m")
    for name, content in (("aa/1.json", reply.model_dump_json()), ("bb/2.json", "{")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content)
    replies = RawReplies(Location.parse(str(tmp_path)))
    assert [found["model"] for found in replies.holding(['It says "Exit".'])] == ["m"]
    assert replies.holding(["It says nothing."]) == []


def test_marked_parts_are_characters_and_long_texts_are_cut() -> None:
    """An emoji is one character, as spans count; a text that is too long ends with how much is left."""
    text = "a \U0001f600 cat."
    assert [p["text"] for p in marked(text, (TextSpan(start=2, end=3),)) if p["marked"]] == ["\U0001f600"]
    parts = marked("y" * (LONGEST + 7), ())
    assert parts[-1]["text"] == " … and 7 characters more"
    assert len(parts[0]["text"]) == LONGEST


def test_clips_are_read_once_and_unknown_ones_refused(whole: Whole, opened: ViewerSession) -> None:
    """A clip comes back as it was written."""
    clip = whole.clips[-1]
    shelf = ClipShelf(opened.opened)
    assert shelf.clip(clip.clip_id) == clip
    assert shelf.clip(clip.clip_id) is shelf.clip(clip.clip_id)
    with pytest.raises(UserError, match="has no clip"):
        shelf.thumbnail("../x")
