"""What a resumed run reads back of its evaluations. `tests/trainer/loop/test_train.py` runs the monitor itself."""

from schemas.claim import Axis
from trainer.loop.metrics import PairSeen, summarise
from trainer.loop.monitor import HELD_OUT, held_out_results


def record(step: int, whole: float | None = None) -> dict[str, float | int | str | bool | None]:
    """The line of the log about an evaluation of one pair."""
    summaries = summarise([PairSeen("answers", Axis.SPATIAL, 0.5, -1.0, -3.0, 10, 8)])
    named = {f"{HELD_OUT}/{name}": value for summary in summaries for name, value in summary.named().items()}
    return {"step": step, **named} | ({} if whole is None else {f"{HELD_OUT}/generated/whole": whole})


def test_evaluations_are_read_back_from_the_log() -> None:
    """Each has its step, its summaries over all axes, and the share of complete answers if some were generated."""
    training = {"step": 1, "loss": 0.7, "answers/all/margin": 0.1}
    alarm = {"step": 2, "alarm": "won_by_length", "level": "answers", "text": "step 2: ..."}
    found = held_out_results([record(0, whole=0.75), training, alarm, record(2)])
    assert [(result.step, result.whole_answers) for result in found] == [(0, 0.75), (2, None)]
    assert all([(s.level, s.axis, s.margin) for s in result.summaries] == [("answers", None, 0.5)] for result in found)


def test_an_evaluation_that_lacks_a_number_is_skipped() -> None:
    """A margin that was not finite is not in the log: no result is made up."""
    incomplete = record(4)
    del incomplete[f"{HELD_OUT}/answers/all/margin"]
    assert held_out_results([incomplete]) == []
