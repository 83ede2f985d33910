"""Questions of language models that give themselves away are dropped until no reader of texts exceeds the ceiling."""

import numpy as np
import pytest

from pipeline.blind_readers.features import answer_features
from pipeline.blind_readers.groups import BlindGroup, pairing_of
from pipeline.blind_readers.readers import BlindReader
from pipeline.finalise.blind_ceiling import LEAST_PAIRS, under_ceiling
from schemas.drop import DropReason
from schemas.group import CandidateGroup
from tests.stages.judging.judging import group

THINGS = ("cup", "plate", "bowl", "spoon", "lamp", "book", "coat", "ball", "box", "rope")
PLACES = ("table", "chair", "shelf", "floor", "bench")


def written(videos: int, leaks: float, *, form: str = "model", each: int = 4) -> dict[str, tuple[CandidateGroup, ...]]:
    """Questions whose answers are drawn at random, with a telling word in a share of the wrong ones."""
    rng = np.random.default_rng(0)
    found = {}
    for video in range(videos):
        own = []
        for number in range(each):
            right, wrong = (
                f"The {THINGS[t]} lies on the {PLACES[int(rng.integers(5))]}." for t in rng.permutation(10)[:2]
            )
            wrong = wrong.replace("lies", "surely lies") if rng.random() < leaks else wrong
            name = f"{video}-{number}"
            made = group(wrong, right=right, group_id=name)
            own.append(made.model_copy(update={"form": form, "slot_id": name}))
        found[f"v{video:03}"] = tuple(own)
    return found


def accuracy(groups: dict[str, tuple[CandidateGroup, ...]]) -> float:
    """How often the reader of `audit` that sees the answer alone is right."""
    blind = [
        BlindGroup(g.group_id, video, (g.clip_id, g.shown), g.axis, g.question, (g.chosen.text, g.rejected[0].text), ())
        for video, own in groups.items()
        for g in own
    ]
    truth = np.zeros(len(blind), dtype=np.int64)
    reader = BlindReader(answer_features(blind), blind)
    return float(reader.wins(pairing_of(blind, truth), np.random.default_rng(0)).halves.mean())


def test_a_set_without_a_habit_stays() -> None:
    """Answers drawn at random are guessed by chance."""
    groups = written(40, leaks=0.0)
    kept, refused = under_ceiling(groups, 0.6)
    assert (kept, refused) == (groups, [])


def test_telling_questions_go_until_the_ceiling_is_met() -> None:
    """With "surely" in half of the wrong answers a reader is right on these, and by chance on the others: 0.75. Without
    d of n guessed pairs (0.75 n - d) / (n - d) is 0.6 for d = 0.375 n. Those that go are telling ones for the most
    part, and a reader of another family agrees that the rest is not.
    """
    groups = written(60, leaks=0.5)
    assert accuracy(groups) > 0.7
    kept, refused = under_ceiling(groups, 0.6)
    gone = {refusal.slot_id for refusal in refused}
    assert 0.3 * 240 <= len(gone) <= 0.55 * 240
    telling = [g for own in groups.values() for g in own if g.slot_id in gone and "surely" in g.rejected[0].text]
    assert len(telling) > 0.7 * len(gone)
    assert {refusal.cause.reason for refusal in refused} == {DropReason.TOO_GUESSABLE}
    assert sum(map(len, kept.values())) + len(gone) == 240
    assert accuracy(kept) <= 0.62


@pytest.mark.parametrize(
    ("groups", "ceiling"),
    [
        (written(60, leaks=1.0), None),
        (written(60, leaks=1.0, form="grid"), 0.6),
        (written((LEAST_PAIRS - 1) // 3, leaks=1.0, each=3), 0.6),
    ],
)
def test_nothing_goes_where_nothing_is_asked(
    groups: dict[str, tuple[CandidateGroup, ...]], ceiling: float | None
) -> None:
    """Without a ceiling, of what no model wrote, and of too few pairs."""
    assert under_ceiling(groups, ceiling) == (groups, [])


def test_twins_are_not_read() -> None:
    """Each text of theirs is right once and wrong once, whatever it says."""
    groups = {
        video: tuple(
            g.model_copy(update={"twin_of": own[place - 1].group_id if place % 2 else None})
            for place, g in enumerate(own)
        )
        for video, own in written(60, leaks=1.0).items()
    }
    assert under_ceiling(groups, 0.6) == (groups, [])


def test_the_order_of_videos_changes_nothing() -> None:
    """The same questions go, whatever comes first."""
    groups = written(30, leaks=0.6)
    again = dict(reversed(groups.items()))
    assert {r.slot_id for r in under_ceiling(groups, 0.6)[1]} == {r.slot_id for r in under_ceiling(again, 0.6)[1]}
