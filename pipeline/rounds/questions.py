"""The set of questions that all rounds ask: a finished one, or one that is built before the first round."""

from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.options import IterateOptions
from pipeline.storage.location import Location
from schemas.errors import RecipeError

RECIPE = "facts"
_KEYS = ("generate.annotated_questions=true", "finalise.validation_share=0.2")
"""Questions that people have annotated are asked, too; and more videos are held out than for a training alone."""


def given_set(options: IterateOptions) -> str | None:
    """The finished set that --questions names; None if it names a recipe, or nothing.

    RecipeError if keys are given for a build that does not happen.
    """
    given = options.questions
    if given is None or not (Location.parse(given) / "dataset.json").is_file():
        return None
    if options.question_overrides:
        raise RecipeError(f"--questions-set: --questions {given} is finished; give a recipe to build another one")
    return given


def question_build(options: IterateOptions, folder: LoopFolder) -> BuildOptions:
    """The build of the set of questions."""
    recipe = options.questions or RECIPE
    keys = (*(_KEYS if options.questions is None else ()), *options.question_overrides)
    out, workers = str(folder.questions), options.workers
    return BuildOptions(recipe, options.videos, out, keys, workers, local=options.local, offline=options.offline)


def question_set(console: Console, options: IterateOptions, folder: LoopFolder) -> str:
    """The path of the set of questions, built if it is not there yet; once built it stays as it is."""
    if (given := given_set(options)) is not None:
        return given
    if not (folder.questions / "dataset.json").is_file():
        run_build(console, question_build(options, folder))
    FinishedSet.open(str(folder.questions))
    return str(folder.questions)
