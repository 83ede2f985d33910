"""An audit finds each habit that is planted, and nothing in a set without any."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from numpy.random import Generator

from pipeline.audit.measure import audit
from pipeline.audit.report import AuditReport
from pipeline.audit.scores import ALL, SHUFFLED, TWINS, WRITTEN
from pipeline.audit.verdict import Outcome
from pipeline.blind_readers.groups import COLUMNS, BlindGroup, groups_from_rows
from pipeline.blind_readers.readers import TEXT_FEATURES, Reader
from pipeline.finalise.settings import FinaliseConfig
from stages.seeding import rng_for
from tests import leaks
from tests.sets import finalise, offers

Leak = Callable[[Sequence[BlindGroup], Generator], list[BlindGroup]]


@pytest.fixture(scope="module")
def balanced() -> list[BlindGroup]:
    """What finalise makes of a symmetric writer's groups about 150 videos."""
    finalised = finalise(offers(150), FinaliseConfig(min_axis_share=0, min_absent_share=0), 0)
    rows = [pair.model_dump(include=set(COLUMNS)) for video in finalised.videos for pair in video.pairs()]
    return groups_from_rows(rows)


def accuracy(report: AuditReport, reader: Reader, part: str = ALL) -> float:
    """The score of a reader on a part."""
    return next(score.accuracy for score in report.scores if (score.reader, score.part) == (reader, part))


def test_a_balanced_set_passes(balanced: list[BlindGroup]) -> None:
    """No reader finds anything in a set whose texts do not depend on which answer is true."""
    report = audit(balanced)
    whole = [score for score in report.scores if score.part == ALL]
    assert len(whole) == 3
    assert [(score.reader, score.outcome) for score in whole if score.outcome is not Outcome.PASS] == []
    assert not [score for score in report.scores if score.outcome is Outcome.FAIL]


def test_shuffled_answers_cannot_be_found(balanced: list[BlindGroup]) -> None:
    """With a random answer of each group as the true one, every reader scores a half, within four standard errors.

    Pairs of a group are not independent, so groups are counted: sqrt(0.25 / groups).
    """
    report = audit(balanced)
    error = 4 * (0.25 / report.groups) ** 0.5
    for reader in TEXT_FEATURES:
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
    """The reader that can see a habit scores at least 0.65 if that habit is planted, and the set fails.

    "instead" in exactly 30 % of the rejected answers, rounded up, gives away 0.3 + 0.7 / 2 = 0.65 of the pairs and no
    more: to reach that, a reader must follow the word and nothing else.
    """
    report = audit(leak(balanced, rng_for(0, "tests", "leaks")))
    assert accuracy(report, reader) >= 0.65
    assert report.outcome is Outcome.FAIL


def test_one_edit_is_seen_by_the_group_alone(balanced: list[BlindGroup]) -> None:
    """Three rejections that differ from the chosen answer by one edit each give it away to the group's reader alone."""
    report = audit(leaks.one_edit(balanced, rng_for(0, "tests", "leaks")))
    assert accuracy(report, Reader.GROUP) > 0.99
    assert accuracy(report, Reader.ANSWER) < 0.56
    assert accuracy(report, Reader.QUESTION) < 0.56


def test_twins_are_scored_apart_and_even(balanced: list[BlindGroup]) -> None:
    """With a twin for every second group, each reader scores exactly a half on the pairs that twins exchange, though it
    learns a leak; a set without twins has no such part.
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


def test_few_videos_are_not_enough() -> None:
    """A dozen videos give too wide an interval, however even they are: the verdict is not enough."""
    finalised = finalise(offers(12), FinaliseConfig(), 0)
    rows = [pair.model_dump(include=set(COLUMNS)) for video in finalised.videos for pair in video.pairs()]
    report = audit(groups_from_rows(rows))
    assert report.outcome is not Outcome.PASS
    assert Outcome.NOT_ENOUGH in {score.outcome for score in report.scores if score.part == ALL}


def test_one_video_has_no_scores(balanced: list[BlindGroup]) -> None:
    """With one video no reader can learn from another: there are no scores, and the verdict is not enough."""
    only = [group for group in balanced if group.video_id == balanced[0].video_id]
    report = audit(only)
    assert report.scores == ()
    assert report.outcome is Outcome.NOT_ENOUGH


def test_the_same_set_gives_the_same_report(balanced: list[BlindGroup]) -> None:
    """Two audits of the same groups with the same seed are equal, another seed draws another control."""
    some = balanced[:200]
    first, again, other = audit(some), audit(some), audit(some, seed=1)
    assert first == again
    assert [s for s in first.scores if s.part == SHUFFLED] != [s for s in other.scores if s.part == SHUFFLED]


def test_annotated_pairs_are_a_part_of_their_own(balanced: list[BlindGroup]) -> None:
    """Every third group rests on annotations: its pairs are in that part and in no other."""
    marked = [replace(group, is_annotated=number % 3 == 0) for number, group in enumerate(balanced)]
    report = audit(marked)
    pairs = {score.part: score.pairs for score in report.scores if score.reader is Reader.ANSWER}
    assert pairs["annotated"] == sum(len(group.kinds) for group in marked if group.is_annotated)
    assert pairs[ALL] + pairs["annotated"] == report.pairs == pairs[SHUFFLED]
    axes = [pairs[axis] for axis in ("spatial", "temporal", "cross_frame") if axis in pairs]
    assert sum(axes) == pairs[ALL]


def test_what_models_wrote_is_a_part_of_its_own(balanced: list[BlindGroup]) -> None:
    """Every third group is by a language model: those without a twin are in that part, and none is in `all`."""
    marked = [replace(group, is_written=number % 3 == 0) for number, group in enumerate(balanced)]
    report = audit(marked)
    pairs = {score.part: score.pairs for score in report.scores if score.reader is Reader.ANSWER}
    assert 0 < pairs[WRITTEN] <= sum(len(group.kinds) for group in marked if group.is_written)
    assert pairs[ALL] == sum(len(group.kinds) for group in marked if not group.is_written)
