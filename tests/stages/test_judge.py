"""The stage `judge`: its account, twins, and the alternatives that it leaves to finalise."""

import asyncio

import numpy as np

from schemas.clip import Segment
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.shown import Shown
from stages.judge import JudgeAnswers, alternatives, symmetric
from stages.models.chat import AskingTools, ModelRole
from stages.payloads import WrittenVideo
from stages.stage import read_here
from tests.stages.facts.clips import clip_of, walkers
from tests.stages.judging.judging import RIGHT, WRONG, frames, group, judge
from tests.stages.language.fake_chat import FakeChat

CLIP = clip_of(walkers()).model_copy(
    update={
        "segments": tuple(
            Segment(segment_id=name, start_seconds=at, end_seconds=at + 4, frames=frames(12, at, 4.0))
            for name, at in (("a", 0.0), ("b", 5.0))
        )
    }
)


def run(chat: FakeChat, *groups: CandidateGroup) -> tuple[WrittenVideo, list[Drop]]:
    video = WrittenVideo("sha", (CLIP,), groups, len({one.slot_id for one in groups}))
    *drops, kept = asyncio.run(
        JudgeAnswers(blind=False).process(video, AskingTools(chat, read_here), np.random.default_rng(0))
    )
    assert isinstance(kept, WrittenVideo)
    return kept, [drop for drop in drops if isinstance(drop, Drop)]


def twins() -> tuple[CandidateGroup, CandidateGroup]:
    """Two groups with the same texts about two stretches."""
    one = group(WRONG[0], shown=Shown(segment_id="a"), group_id="g1")
    other = group(RIGHT, right=WRONG[0], shown=Shown(segment_id="b"), group_id="g2", twin_of="g1")
    return one, other


def test_twins_go_together() -> None:
    """A judge who accepts one text of both stretches finds the second wrong: the first and the question go with it."""
    kept, drops = run(judge(), *twins())
    assert not kept.groups
    assert [(drop.item_type, drop.item_id, drop.reason) for drop in drops] == [
        (ItemType.GROUP, "g1", DropReason.EVIDENCE_MISSING),
        (ItemType.QUESTION, "slot", DropReason.EVIDENCE_MISSING),
        (ItemType.GROUP, "g2", DropReason.JUDGED_WRONG),
    ]


def test_what_no_model_wrote_passes() -> None:
    """A group of another writer is not judged."""
    other = group().model_copy(update={"form": "grid"})
    chat = judge(right=())
    kept, drops = run(chat, other)
    assert (kept.groups, drops, chat.asked) == ((other,), [], [])


def test_a_question_goes_with_its_group() -> None:
    """And every wrong answer that is left out is a drop of its own."""
    kept, drops = run(judge(right=(RIGHT, *WRONG)), group())
    assert not kept.groups
    assert [drop.item_type for drop in drops] == [ItemType.ANSWER] * 2 + [ItemType.GROUP, ItemType.QUESTION]


def test_irrelevant_answers_are_alternatives() -> None:
    """Finalise takes the group with one of them, or without: it knows which things are true elsewhere."""
    sofa, stairs = WRONG
    made = alternatives(group("The man stands there.", sofa, stairs, absent=WRONG))
    assert [(one.absent, one.second_choice, len(one.rejected)) for one in made] == [
        (("sofa",), False, 2),
        (("stairs",), False, 2),
        ((), True, 1),
    ]
    assert len({one.group_id for one in made}) == 3
    assert alternatives(group()) == [group()]
    assert len(alternatives(group(sofa, absent=WRONG))) == 1


def test_the_roles_are_those_that_are_asked() -> None:
    """Without the blind judge one model is needed."""
    assert list(JudgeAnswers(blind=False).roles()) == [ModelRole.JUDGE]
    assert list(JudgeAnswers().roles()) == [ModelRole.JUDGE, ModelRole.BLIND_JUDGE]


GRID = ("The red ball is right of the box.", "The blue cup is left of the box.", "The blue cup is right of the box.")


def test_a_group_is_a_grid_or_a_pair() -> None:
    """With all four corners it stays; with one missing, one wrong answer is left, whichever corner it was."""
    right, rng = "The red ball is left of the box.", np.random.default_rng(0)
    full = group(*GRID, right=right)
    assert symmetric(full, rng) == (full, 0)
    for missing in range(3):
        rest = [text for place, text in enumerate(GRID) if place != missing]
        even, lost = symmetric(group(*rest, right=right), rng)
        assert (len(even.rejected), len(even.balance_others), lost) == (1, 1, 1)
    drawn = {symmetric(group(*GRID[:2], right=right), np.random.default_rng(n))[0].rejected[0].text for n in range(20)}
    assert drawn == set(GRID[:2])
