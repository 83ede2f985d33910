"""`vidpref plan`: what a build would run on this machine, and how long it would take."""

from dataclasses import dataclass
from datetime import timedelta

from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.build.material import Material, found_material
from pipeline.build.recipe import Recipe, load_recipe
from pipeline.endpoint.usage_table import estimate_table
from pipeline.engine.pools import Plan, plan_run
from pipeline.engine.ray_cluster import machine_here
from pipeline.inputs.amount import estimate
from pipeline.inputs.videos import find_videos
from pipeline.planning.prompts import filled_prompts


@dataclass(frozen=True)
class PlanOptions:
    """What `vidpref plan` is asked for."""

    recipe: str
    """A shipped recipe by name, or a YAML file."""
    videos: str | None = None
    """The videos whose time is estimated; None for the plan alone, or a recipe that takes those of a finished set."""
    overrides: tuple[str, ...] = ()
    """`A.B=C` of every --set."""
    workers: int | None = None
    """Videos in the slowest step at a time; None for the recipe's number."""
    prompts: bool = False
    """Whether the prompts of its language models are shown instead."""


def run_plan(console: Console, options: PlanOptions) -> None:
    """Print the plan of a recipe and, if videos are given, an estimate of the time.

    Raises UserError if an option is wrong or the plan does not fit the machine.
    """
    name, loaded = load_recipe(options.recipe, options.overrides)
    if options.prompts:
        _show_prompts(console, name, loaded)
        return
    recipe, told = _with_its_set(loaded.with_workers(options.workers), options.videos)
    engine = recipe.engine
    inputs = None if options.videos is None else find_videos(options.videos)
    steps, videos = recipe.run_steps(), None if inputs is None else len(inputs.sources)
    plan = plan_run(steps, engine, machine_here(engine.workers), videos)
    console.print(f"{name}: one row per video, one operator per step, on {plan.machine}", markup=False)
    console.print(operator_table(plan))
    for line in plan.arithmetic:
        console.print(line, soft_wrap=True)
    console.print("then, in one process: select over the whole set, write pairs, clips and drops")
    if told is not None:
        console.print(told.told, markup=False, soft_wrap=True)
        console.print(estimate_table(recipe.expected_use(told.count_clips())))
    if inputs is not None:
        expected = estimate(inputs, engine.child)
        wall = timedelta(seconds=round(expected.cpu_seconds / plan.machine.cpus))
        console.print(
            f"{options.videos}: {expected}, about {wall} on {plan.machine.cpus:g} CPUs", markup=False, soft_wrap=True
        )
        if recipe.needs():
            console.print(estimate_table(recipe.expected_use(expected.clips(recipe.decode.max_clip_seconds))))


def _with_its_set(recipe: Recipe, videos: str | None) -> tuple[Recipe, Material | None]:
    """The recipe of a round, and what is known of its set of questions, if it names one; others as they are."""
    is_round = recipe.generate.writer == "self"
    if not is_round or (videos is None and recipe.retrospect.questions is None):
        return recipe, None
    return found_material(recipe, videos, limit=None)


def _show_prompts(console: Console, name: str, recipe: Recipe) -> None:
    """Print every prompt as it is sent, or that there are none."""
    found = list(filled_prompts(recipe))
    if not found:
        console.print(f"{name} asks no language models", markup=False)
    for heading, text in found:
        console.rule(heading, align="left")
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def operator_table(plan: Plan) -> Table:
    """One row per operator; CPUs and GPUs are those of one worker."""
    table = Table("operator", "workers", "CPUs", "GPUs", "reads", "writes", box=box.SIMPLE_HEAD, pad_edge=False)
    for operator in plan.operators:
        cells = (str(operator.workers), f"{operator.num_cpus:g}", f"{operator.num_gpus:g}")
        table.add_row(operator.name, *cells, operator.setup.reads, operator.setup.writes)
    return table
