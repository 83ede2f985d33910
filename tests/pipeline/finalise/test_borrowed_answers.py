"""A borrowed answer must be a true one elsewhere."""

from dataclasses import replace

from pipeline.finalise.alternatives import Alternative
from pipeline.finalise.borrowed_answers import is_true_elsewhere, lenders_of
from pipeline.finalise.choose import choose
from pipeline.finalise.cuts import drop_to_balance
from pipeline.finalise.kept import KeptQuestions
from pipeline.finalise.settings import FinaliseConfig
from schemas.drop import DropReason
from tests.pipeline.finalise.options import option


def _annotated(video: str, true: str, *wrong: str, number: int = 0, kind: str = "color") -> Alternative:
    texts = frozenset((kind, text) for text in wrong)
    return replace(option(video, number), borrowed=texts, true_texts=frozenset({(kind, true)}))


def test_an_answer_is_borrowed_from_another_video_and_the_same_type() -> None:
    """The answer "red" is true of b; not of a itself, and not of another type of question."""
    a, b = _annotated("a", "blue", "red"), _annotated("b", "red", "green")
    assert is_true_elsewhere(a, lenders_of([a, b]))
    assert not is_true_elsewhere(b, lenders_of([a, b]))
    assert not is_true_elsewhere(a, lenders_of([a, _annotated("b", "red", "green", kind="object")]))
    assert not is_true_elsewhere(a, lenders_of([a, _annotated("a", "red", "green")]))
    assert is_true_elsewhere(option("a"), {})


def test_what_no_other_video_lends_is_refused() -> None:
    """Of two alternatives the one with borrowed answers is taken; a question without one is refused."""
    a = [_annotated("a", "blue", "red", "pink"), _annotated("a", "blue", "red")]
    b, kept = _annotated("b", "red", "green"), KeptQuestions(0)
    choose({"a/0": a, "b/0": [b]}, kept, FinaliseConfig())
    assert list(kept.options) == [a[1]]
    assert [refusal.cause.reason for refusal in kept.refusals] == [DropReason.NOT_TRUE_ELSEWHERE]


def test_what_is_lent_no_more_goes_when_the_set_is_cut() -> None:
    """The only video whose answer is red is not in the set: the question that borrows it goes, too."""
    kept = KeptQuestions(0)
    kept.take(_annotated("a", "blue", "red"))
    drop_to_balance(kept, FinaliseConfig())
    assert not kept.options
    assert kept.refusals[-1].cause.reason is DropReason.NOT_TRUE_ELSEWHERE
