"""What is wrong is pointed out with its numbers, and what is not is not. Covers advice, finding, measure and report."""

from collections.abc import Callable
from functools import cache

import pytest

from pipeline.audit.advice import findings
from pipeline.audit.contamination import Contaminant, Contamination, FoundBy
from pipeline.audit.coverage import Coverage, CoveredBy
from pipeline.audit.finding import Finding
from pipeline.audit.looks import AlikeVideos, VideoRepeats
from pipeline.audit.measure import BesideTexts, audit
from pipeline.audit.opinions import BlindJudged, Opinions, TwoOpinions
from pipeline.audit.report import AuditReport
from pipeline.audit.verdict import Outcome
from pipeline.blind_readers.groups import BlindGroup
from schemas.pair import RejectedKind
from stages.seeding import rng_for

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "pink", "grey")
Change = Callable[[str, str], tuple[str, str]]


def report(change: Change = lambda a, b: (a, b), beside: BesideTexts | None = None) -> AuditReport:
    """An audit of questions about colours, two a video, drawn alike for both sides; `change` makes a habit."""
    rng, groups = rng_for(0, "tests", "advice"), []
    for number in range(120):
        right, wrong = (f"The car is {COLOURS[int(i)]}." for i in rng.permutation(len(COLOURS))[:2])
        texts = change(right, wrong)
        video, question = f"v{number // 2}", f"What colour has car {number % 2}?"
        groups.append(BlindGroup(str(number), video, "c" + video, None, question, texts, (RejectedKind.RELEVANT,)))
    return audit(groups, beside=beside or BesideTexts())


@cache
def even() -> AuditReport:
    """An audit without any habit."""
    return report()


def said(found: AuditReport, topic: str) -> list[str]:
    """What is said of a topic."""
    return [one.says for one in found.findings if one.topic == topic]


def said_beside(beside: BesideTexts, topic: str) -> list[str]:
    """What is said of a topic if this is known beside even texts."""
    fields = ("video_repeats", "contamination", "coverage", "opinions")
    found = even().model_copy(update={name: getattr(beside, name) for name in fields})
    return [one.says for one in findings(found, beside.notes) if one.topic == topic]


def test_an_even_set_is_told_to_be_small_and_nothing_else() -> None:
    """60 videos give intervals that are too wide: the number of videos that would do is more than that."""
    found = even()
    assert [one.topic for one in found.findings] == ["guessing"]
    assert "60 videos are too few" in found.findings[0].says
    needed = int(found.findings[0].do.split("about ")[1].split()[0])
    assert needed > 60
    assert needed % 10 == 0


def test_a_word_is_named_with_its_counts_and_its_reader() -> None:
    """Every wrong answer ends with "instead": 120 pairs, the reader of answers, and the length that comes of it."""
    found = report(lambda right, wrong: (right, wrong.replace(".", " instead.")))
    assert any("instead 0 : 120" in line for line in said(found, "words"))
    assert any("an answer alone and no video is right in 1.000 (all)" in line for line in said(found, "guessing"))
    assert any("rejected answers have more characters than chosen ones in" in line for line in said(found, "balance"))
    assert any("deny or contrast" in line for line in said(found, "balance"))
    assert not any("too few" in line for line in said(found, "guessing"))
    assert found.outcome is Outcome.FAIL
    assert all(isinstance(one, Finding) and one.do for one in found.findings)


def test_answers_that_hardly_compare_or_say_the_same_are_told() -> None:
    """Another sentence altogether, one answer to most questions, and answers that differ in "the" alone."""
    assert said(report(lambda right, _: (right, "Nobody knows it at all here.")), "differences")
    assert any("have one right answer" in line for line in said(report(lambda _, b: ("It is.", b)), "repeats"))
    assert any("say nearly the same" in line for line in said(report(lambda a, _: (a, "The " + a)), "repeats"))


def _repeats(across: int) -> VideoRepeats:
    example = AlikeVideos(first="a.mp4", second="b.mp4", share=1.0, across_splits=across > 0)
    return VideoRepeats(videos=9, alike=1, across_splits=across, examples=(example,))


@pytest.mark.parametrize(
    ("beside", "topic", "says"),
    [
        (BesideTexts(video_repeats=_repeats(0)), "videos", "1 time two videos look alike: a.mp4 and b.mp4"),
        (BesideTexts(video_repeats=_repeats(1)), "videos", "1 time two videos of different splits look alike"),
        (BesideTexts(notes=("much is rare",)), "coverage", "much is rare"),
        (
            BesideTexts(coverage=(Coverage(by=CoveredBy.TYPE, name="OCR", pairs=0, share=0),)),
            "coverage",
            "no question is about OCR",
        ),
        (BesideTexts(opinions=Opinions(agreements=())), "people", "nobody has judged"),
        (
            BesideTexts(opinions=Opinions(agreements=(), blind=BlindJudged(pairs=10, told=3, share=0.3))),
            "blind judge",
            "in 3 of 10 pairs",
        ),
    ],
)
def test_what_is_known_beside_the_texts_is_told(beside: BesideTexts, topic: str, says: str) -> None:
    """Each with what was counted."""
    assert any(says in line for line in said_beside(beside, topic))


def test_people_who_disagree_are_told_if_they_are_enough() -> None:
    """17 of 20 is less than 0.9 and told, 18 of 20 is not, and 15 of 19 are too few verdicts to say anything."""

    def told(pairs: int, same: int) -> list[str]:
        both = TwoOpinions(
            first="proof", second="people", pairs=pairs, same=same, share=same / pairs, low=0.0, high=1.0
        )
        return said_beside(BesideTexts(opinions=Opinions(agreements=(both,))), "agreement")

    assert [bool(told(20, 17)), bool(told(20, 18)), bool(told(19, 15))] == [True, False, False]


def test_a_benchmark_comes_first_and_fails_the_set() -> None:
    """Whatever the readers say; a comparison that finds nothing changes nothing."""
    hit = Contaminant(video="a.mp4", benchmark="b.mp4", by=FoundBy.LOOKS)
    none = Contamination(benchmarks=("x",), ids=3, looked_at=1, unreadable=0, pairs=0, found=())
    clean = report(beside=BesideTexts(contamination=none))
    dirty = report(beside=BesideTexts(contamination=none.model_copy(update={"pairs": 2, "found": (hit,)})))
    assert dirty.findings[0].says == "1 video with 2 pairs are in a benchmark: a.mp4 (b.mp4, by looks)"
    assert (clean.outcome, dirty.outcome) == (Outcome.NOT_ENOUGH, Outcome.FAIL)
    assert [one.topic for one in clean.findings] == ["guessing"]
