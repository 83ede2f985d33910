"""The blind readers find each habit that is planted, and nothing in a set without any."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator

from pipeline.audit.report import ALL, SHUFFLED, TWINS, AuditReport, audit
from pipeline.audit.verdict import Outcome, judge_even
from pipeline.blind_readers.features import group_features
from pipeline.blind_readers.groups import COLUMNS, BlindGroup, groups_from_rows, pairing_of
from pipeline.blind_readers.readers import BlindReader, Reader
from pipeline.finalise.settings import FinaliseConfig
from pipeline.stats.bootstrap import Share
from schemas.claim import Axis
from schemas.pair import RejectedKind
from stages.seeding import rng_for
from tests import leaks
from tests.sets import finalise, offers
from tests.shared import NEEDS_SHARED, shared

Leak = Callable[[Sequence[BlindGroup], Generator], list[BlindGroup]]


@pytest.fixture(scope="module")
def balanced() -> list[BlindGroup]:
    """What finalise makes of a symmetric writer's groups about 150 videos."""
    finalised = finalise(offers(150), FinaliseConfig(min_axis_share=0, min_absent_share=0), 0)
    rows = [pair.model_dump(include=set(COLUMNS)) for video in finalised.videos for pair in video.pairs()]
    return groups_from_rows(rows)


def accuracy(report: AuditReport, reader: Reader, part: str = ALL) -> float:
    """What a reader reads of a part."""
    return next(score.accuracy for score in report.scores if (score.reader, score.part) == (reader, part))


def test_a_balanced_set_passes(balanced: list[BlindGroup]) -> None:
    """No reader finds anything in a set whose texts say nothing of the answer."""
    report = audit(balanced)
    whole = [score for score in report.scores if score.part == ALL]
    assert len(whole) == 3
    assert [(score.reader, score.outcome) for score in whole if score.outcome is not Outcome.PASS] == []
    assert not [score for score in report.scores if score.outcome is Outcome.FAIL]


def test_shuffled_answers_cannot_be_told(balanced: list[BlindGroup]) -> None:
    """With a random answer of each group as the true one, every reader reads a half, within four standard errors.

    Pairs of a group are not independent, so groups are counted: sqrt(0.25 / groups).
    """
    report = audit(balanced)
    error = 4 * (0.25 / report.groups) ** 0.5
    for reader in Reader:
        assert abs(accuracy(report, reader, SHUFFLED) - 0.5) < error


@pytest.mark.parametrize(
    ("leak", "reader"),
    [
        pytest.param(leaks.instead, Reader.ANSWER, id="words"),
        pytest.param(leaks.question_words, Reader.QUESTION, id="question"),
        pytest.param(leaks.one_edit, Reader.GROUP, id="group"),
        pytest.param(leaks.never_true, Reader.ANSWER, id="absence"),
    ],
)
def test_a_planted_leak_is_found(balanced: list[BlindGroup], leak: Leak, reader: Reader) -> None:
    """The reader that looks for a habit reads at least 0.65 where the habit is planted, and the set fails.

    "instead" in exactly 30 % of the rejected answers, rounded up, lets 0.3 + 0.7 / 2 = 0.65 of pairs be told and no
    more: to reach that, a reader must follow the word and nothing else.
    """
    report = audit(leak(balanced, rng_for(0, "tests", "leaks")))
    assert accuracy(report, reader) >= 0.65
    assert report.outcome is Outcome.FAIL


def test_one_edit_is_seen_by_the_group_alone(balanced: list[BlindGroup]) -> None:
    """Three one-edit rejections are read every time by who sees the group, and by nobody else."""
    report = audit(leaks.one_edit(balanced, rng_for(0, "tests", "leaks")))
    assert accuracy(report, Reader.GROUP) > 0.99
    assert accuracy(report, Reader.ANSWER) < 0.56
    assert accuracy(report, Reader.QUESTION) < 0.56


def test_twins_are_read_apart_and_even(balanced: list[BlindGroup]) -> None:
    """With a twin for every second group, each reader reads exactly a half of the pairs that twins turn round, though
    it is taught a leak; a set of originals alone has no such part.
    """
    leaky = leaks.instead(balanced, rng_for(0, "tests", "leaks"))
    twins = [
        replace(g, group_id=f"{g.group_id}-t", twin_of=g.group_id, texts=(g.texts[1], g.texts[0], *g.texts[2:]))
        for g in leaky[::2]
    ]
    report = audit([*leaky, *twins])
    even = [score for score in report.scores if score.part == TWINS]
    assert [(score.accuracy, score.outcome) for score in even] == [(0.5, Outcome.PASS)] * 3
    assert all(score.pairs == 2 * len(twins) for score in even)
    assert not [score for score in audit(leaky).scores if score.part == TWINS]


def test_twins_that_are_not_even_fail() -> None:
    """Of 100 pairs 51 right is a pair more than a tie allows: such pairs cannot be each other's reverse."""
    assert judge_even(Share(0.5, 0.4, 0.6, 100, 20)) is Outcome.PASS
    assert judge_even(Share(0.505, 0.4, 0.6, 100, 20)) is Outcome.PASS
    assert judge_even(Share(0.51, 0.4, 0.6, 100, 20)) is Outcome.FAIL


@NEEDS_SHARED
def test_the_published_set_is_read() -> None:
    """Of the released VistaDPO rows the answer alone tells at least 0.8."""
    groups = list(_published())
    reading = BlindReader(Reader.ANSWER, groups)
    wins = reading.wins(pairing_of(groups, np.zeros(len(groups), dtype=np.int64)), rng_for(0, "tests", "published"))
    assert wins.halves.mean() >= 0.8


def _published() -> Iterator[BlindGroup]:
    path = shared("reference", "vistadpo_object_set.head60.jsonl")
    for number, line in enumerate(path.read_text().splitlines()):
        row = json.loads(line)
        yield BlindGroup(
            group_id=str(number),
            video_id=row["video"],
            shown=row["video"],
            axis=Axis.SPATIAL,
            question=row["prompt"],
            texts=(row["chosen"], row["rejected"], row["rejected_2"]),
            kinds=(RejectedKind.RELEVANT, RejectedKind.IRRELEVANT),
        )


def test_few_videos_are_not_enough() -> None:
    """A dozen videos say nothing, however even they are: the verdict is no pass."""
    finalised = finalise(offers(12), FinaliseConfig(), 0)
    rows = [pair.model_dump(include=set(COLUMNS)) for video in finalised.videos for pair in video.pairs()]
    report = audit(groups_from_rows(rows))
    assert report.outcome is not Outcome.PASS
    assert Outcome.NOT_ENOUGH in {score.outcome for score in report.scores if score.part == ALL}


def test_one_video_is_not_read(balanced: list[BlindGroup]) -> None:
    """With one video nobody can learn from another one: no scores, and not enough."""
    only = [group for group in balanced if group.video_id == balanced[0].video_id]
    report = audit(only)
    assert report.scores == ()
    assert report.outcome is Outcome.NOT_ENOUGH


def test_the_same_set_gives_the_same_report(balanced: list[BlindGroup]) -> None:
    """Neither the order of groups nor that of their rejected answers changes a reading."""
    some = balanced[:200]
    assert audit(some) == audit(some)


def test_a_group_is_read_whole_though_a_part_is_judged() -> None:
    """The features of a candidate depend on all answers of its group, of whatever kind."""
    texts = ("The red one goes left.", "The red one goes right.", "The pink one goes left.")
    kinds = (RejectedKind.RELEVANT, RejectedKind.IRRELEVANT)
    whole = BlindGroup("g", "v", "c", Axis.SPATIAL, "Which one?", texts, kinds)
    other = BlindGroup("h", "v", "c", Axis.SPATIAL, "Which one?", (*texts[:2], "Nothing does."), kinds)
    features_CF = group_features([whole, other]).toarray()
    assert not np.allclose(features_CF[0], features_CF[3])


def test_reading_ignores_where_the_chosen_answer_stands() -> None:
    """Features say nothing of the order in which the answers of a group are stored."""
    texts = ("The red one goes left.", "It stands.", "The pink one goes left now.")
    kinds = (RejectedKind.RELEVANT, RejectedKind.RELEVANT)
    forward = BlindGroup("g", "v", "c", Axis.SPATIAL, "Which one?", texts, kinds)
    backward = BlindGroup("g", "v", "c", Axis.SPATIAL, "Which one?", texts[::-1], kinds)
    assert np.allclose(group_features([forward]).toarray(), group_features([backward]).toarray()[::-1])
