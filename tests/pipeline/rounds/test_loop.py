"""The loop with scripted phases: their order, what is skipped, what is kept, and kill -9 at every moment."""

import os
from pathlib import Path

import pytest

from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.state import LoopState, RoundState, TrainedRound
from pipeline.rounds.stop_rule import LoopEnd, best_round
from schemas.errors import OutputError
from tests.pipeline.rounds.scripted_rounds import ScriptedPhases, accuracies, built, loop, made, measures, state

SCRIPT = accuracies(5, 6, 7).rounds


def phases(folder: Path, script: tuple[RoundState, ...] = SCRIPT, **given: object) -> ScriptedPhases:
    folder.mkdir(exist_ok=True)
    return ScriptedPhases(LoopFolder(folder), script, **given)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_each_round_builds_trains_and_measures(tmp_path: Path) -> None:
    """In this order, each from the policy of the round before; the state is what came out."""
    made_by = phases(tmp_path)
    assert loop(made_by).run(2) is LoopEnd.ROUNDS
    rest = [(phase, number) for number in (1, 2) for phase in ("build", "train", "measure")]
    assert made_by.calls == [("measure", 0), *rest]
    assert (tmp_path / "round-02" / "policy" / "made").read_text() == "1 + samples of 1"
    assert LoopFolder(tmp_path).state().rounds == SCRIPT


@pytest.mark.process
@pytest.mark.parametrize("moment", ["before", "within", "after"])
@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("phase", ["build", "train", "measure"])
def test_a_loop_that_is_killed_goes_on(tmp_path: Path, phase: str, number: int, moment: str) -> None:
    """After kill -9 at any moment of any phase the same command leaves what an uninterrupted one leaves."""
    loop(phases(tmp_path / "whole")).run(2)
    child = os.fork()
    if child == 0:
        loop(phases(tmp_path / "killed", killed_in=(phase, number, moment))).run(2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    again = phases(tmp_path / "killed")
    assert loop(again).run(2) is LoopEnd.ROUNDS
    assert again.calls[0] == (phase, number)  # what was done before is not done again
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def test_more_rounds_go_on_where_it_ended(tmp_path: Path) -> None:
    """One round first, then two."""
    loop(phases(tmp_path)).run(1)
    again = phases(tmp_path)
    assert loop(again).run(2) is LoopEnd.ROUNDS
    assert again.calls == [("build", 2), ("train", 2), ("measure", 2)]


def test_a_policy_that_stops_improving_stops_the_loop(tmp_path: Path) -> None:
    """Of nine rounds that were asked for, two without gain are the last; the best is the one before them."""
    made_by = phases(tmp_path, accuracies(5, 7, 7, 6, 9).rounds)
    assert loop(made_by).run(9) is LoopEnd.NO_GAIN
    found = LoopFolder(tmp_path).state()
    assert (len(found.rounds), best_round(found, loop(made_by).settings.stop)) == (4, 1)


def test_a_round_of_few_pairs_does_not_train_and_says_so(tmp_path: Path) -> None:
    """19 pairs are too few: the next round samples the policy before it again."""
    skipped = TrainedRound(skipped="19 pairs, fewer than 20")
    script = state(made(1, 6), made(2, 6, built(19), skipped), made(3, 7)).rounds
    made_by, lines = phases(tmp_path, script), list[str]()
    assert loop(made_by, lines.append).run(3) is LoopEnd.ROUNDS
    assert "round 2: not trained (19 pairs, fewer than 20)" in lines
    assert [call for call in made_by.calls if call[1] == 2] == [("build", 2)]
    assert (tmp_path / "round-03" / "policy" / "made").read_text() == "1 + samples of 1"
    assert LoopFolder(tmp_path).state().rounds[2].measured == script[1].measured


def test_a_policy_that_goes_too_far_is_cut(tmp_path: Path) -> None:
    """It wins more pairs than any other and is not kept; no further round is made."""
    made_by = phases(tmp_path, state(made(1, 6), made(2, 9, kl=4.0), made(3, 9)).rounds)
    assert loop(made_by).run(5) is LoopEnd.ALARM
    assert best_round(LoopFolder(tmp_path).state(), loop(made_by).settings.stop) == 1
    assert ("build", 3) not in made_by.calls


def test_a_training_that_diverges_ends_the_loop(tmp_path: Path) -> None:
    """Nothing is measured of it: the round has the measures of the policy that it started from."""
    diverged = TrainedRound(diverged="step 3: the loss is nan")
    made_by = phases(tmp_path, state(made(1, 6), made(2, 6, trained=diverged)).rounds)
    assert loop(made_by).run(5) is LoopEnd.ALARM
    assert ("measure", 2) not in made_by.calls
    assert best_round(LoopFolder(tmp_path).state(), loop(made_by).settings.stop) == 1


def test_a_set_whose_labels_follow_length_is_not_trained_on(tmp_path: Path) -> None:
    """The alarm is raised before the training, which would teach it."""
    skipped = TrainedRound(skipped="alarm: label follows length")
    made_by = phases(tmp_path, state(made(1, 5, built(400, 0.6), skipped)).rounds)
    assert loop(made_by).run(5) is LoopEnd.ALARM
    assert [phase for phase, number in made_by.calls if number == 1] == ["build"]


def test_a_damaged_state_is_one_line(tmp_path: Path) -> None:
    """It names the file."""
    (tmp_path / "rounds.json").write_text("{")
    with pytest.raises(OutputError, match=r"rounds\.json is damaged"):
        loop(phases(tmp_path)).run(1)


def test_the_state_keeps_all_that_was_found() -> None:
    """What is written is read back as it was."""
    found = state(made(1, 6, built(3), TrainedRound(skipped="few")), RoundState(number=2))
    assert LoopState.model_validate_json(found.model_dump_json()) == found
    assert measures(7).accuracy == pytest.approx(0.7)
