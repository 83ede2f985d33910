"""`vidpref iterate`: a model improves itself round by round, in one command that can be run again at any moment."""

from functools import partial
from pathlib import Path
from shlex import quote

from pydantic import JsonValue
from rich.console import Console

from pipeline.build.recipe import Recipe, load_recipe
from pipeline.dataset.finished_set import FinishedSet
from pipeline.engine.signals import stop_on_signals
from pipeline.recipes.file import read_recipe
from pipeline.recipes.identity import Identity
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.loop import Loop
from pipeline.rounds.measure import Measurer, refuse_nothing_held_out
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.phases import RoundPhases
from pipeline.rounds.questions import given_set, question_build, question_set
from pipeline.rounds.report import write_report
from pipeline.rounds.settings import LoopSettings, loop_settings
from pipeline.rounds.state import LoopState
from pipeline.rounds.stop_rule import LoopEnd, best_round
from pipeline.storage.disk_full import explain_full_disk
from pipeline.storage.location import Location
from pipeline.training.run import check_training
from pipeline.work.lock import output_locked
from pipeline.work.ownership import WORK, claim_output, refuse_unwritable
from schemas.errors import OutputError
from stages.models.video_llm import open_family
from trainer.atomic_file import sweep_partial
from trainer.policy.start import StartingPoint
from trainer.recipe import TrainRecipe, recipe_folder


def run_iterate(console: Console, options: IterateOptions) -> LoopEnd:
    """Make rounds until all are made or the stop rule ends them; print where the best policy is.

    Raises the UserErrors of builds, trainings and evaluations, CapError, StageBugError or KeyboardInterrupt.
    """
    settings = loop_settings(options.loop_overrides)
    _, recipe = load_recipe(options.recipe, options.overrides)
    _, training = read_recipe(options.recipe, TrainRecipe, recipe_folder(), options.train_overrides)
    folder, place = LoopFolder(_local(options.out)), Location.parse(options.out)
    check_training(options.training(folder.round(1), options.model))
    refuse_unwritable(place)
    with stop_on_signals(), explain_full_disk(f"--out {place}"), output_locked(place, place / WORK / "lock"):
        claim_output(place, _identity(options, recipe, training, settings, folder))
        sweep_partial(folder.path / WORK)
        questions = question_set(console, options, folder)
        refuse_nothing_held_out(FinishedSet.open(questions))
        answers = folder.round(0).report / "answers.json"
        measurer = Measurer(questions, options.model, training, settings.probe, answers)
        phases = RoundPhases(console, options, recipe, folder, questions, measurer)
        say = partial(console.print, soft_wrap=True, markup=False, highlight=False)

        def note(state: LoopState, end: LoopEnd | None) -> None:
            _point_at_best(folder, options.model, best_round(state, settings.stop))
            write_report(folder, state, end, options, settings)

        end = Loop(folder, phases, settings, say, note).run(options.rounds)
        _print_end(say, options, folder, questions, settings, end)
    return end


def _identity(
    options: IterateOptions, recipe: Recipe, training: TrainRecipe, settings: LoopSettings, folder: LoopFolder
) -> Identity:
    """Everything that may change a round."""
    start, built = StartingPoint.of(options.model), recipe.identity(options.recipe)
    content: dict[str, JsonValue] = {
        "videos": options.videos,
        "model": open_family(start.model).identity,
        "start": None if start.adapter is None else start.adapter.sha256,
        "questions": _identity_of_questions(options, folder),
        "build": built.recipe,
        "build_seed": built.seed,
        "train": training.identity(),
        "loop": settings.model_dump(mode="json", exclude={"stop"}),
    }
    return Identity(
        recipe_name=options.method,
        recipe=content,
        seed=training.seed,
        prompt_hashes=built.prompt_hashes,
        packages=built.packages,
    )


def _identity_of_questions(options: IterateOptions, folder: LoopFolder) -> JsonValue:
    if (given := given_set(options)) is not None:
        return FinishedSet.open(given).manifest.fingerprint
    build = question_build(options, folder)
    name, recipe = load_recipe(build.recipe, build.overrides)
    return recipe.identity(name).fingerprint


def _local(out: str) -> Path:
    place = Location.parse(out)
    if not place.is_local:
        raise OutputError(f"--out {out}: rounds are made on a local disk; give a local path")
    return Path(place.path)


def _point_at_best(folder: LoopFolder, model: str, best: int) -> None:
    """Let `policy` name the best policy; nothing if that is a model of the hub, which has no folder."""
    target = folder.round(best).policy if best else Path(model)
    if target.is_dir():
        folder.point_policy_at(target)
    else:
        folder.policy.unlink(missing_ok=True)


def _print_end(
    say: partial[None],
    options: IterateOptions,
    folder: LoopFolder,
    questions: str,
    settings: LoopSettings,
    end: LoopEnd,
) -> None:
    state = folder.state()
    best, done, out = best_round(state, settings.stop), state.last.number, options.out.rstrip("/")
    what = f"round {best}, in {out}/policy" if best else f"round 0: no round is better than {options.model}"
    why = {
        LoopEnd.ROUNDS: "all rounds are made",
        LoopEnd.NO_GAIN: f"{settings.stop.rounds_without_gain} rounds running without gain",
        LoopEnd.ALARM: "an alarm",
    }
    say(f"{out} is done after {done} of {options.rounds} rounds ({why[end]}). The best is {what}. Next:")
    say(f"  {quote(out)}/report.html  # the curves of all rounds")
    if best:
        say(f"  vidpref evaluate --policy {quote(out)}/policy --data {quote(questions)}")
