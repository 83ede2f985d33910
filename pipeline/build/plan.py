"""`vidpref plan`: what a build would run on this machine, and how long it would take."""

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from pipeline.build.estimate import estimate
from pipeline.build.recipe import load_recipe
from pipeline.engine.pools import Plan, plan_run
from pipeline.engine.ray_cluster import machine_here
from pipeline.engine.steps import StepName
from pipeline.inputs.videos import find_videos

_PASSES = {
    StepName.DECODE: ("the file", "clips: sampled frames and analysis stream, as JPEG"),
    StepName.GROUND: ("clips with both streams", "clips with their scene; the analysis stream ends here"),
    StepName.GENERATE: ("scenes", "candidate groups of answers with claims"),
    StepName.CUT: ("the file again, groups", "segments of the intervals that groups speak of"),
    StepName.VERIFY: ("groups, scenes", "groups whose every answer is proven"),
    StepName.WRITE: ("clips, groups, drops", "one unit in .work/units"),
}


def run_plan(
    console: Console, *, recipe: str, videos: str | None, overrides: Sequence[str], workers: int | None
) -> None:
    """Print the plan of a recipe; with videos, an estimate of the time. UserError where it is wrong or does not fit."""
    name, loaded = load_recipe(recipe, overrides)
    engine = loaded.engine.with_workers(workers)
    plan = plan_run(engine, machine_here(engine.workers))
    console.print(f"{name}: one row per video, one operator per step, on {plan.machine}", markup=False)
    console.print(operator_table(plan))
    for line in plan.arithmetic:
        console.print(line, soft_wrap=True)
    console.print("then, in one process: select over the whole set, write pairs, clips and drops")
    if videos is not None:
        expected = estimate(find_videos(videos), engine.child)
        wall = timedelta(seconds=round(expected.cpu_seconds / plan.machine.cpus))
        console.print(f"{videos}: {expected}, about {wall} on {plan.machine.cpus:g} CPUs", markup=False, soft_wrap=True)


def operator_table(plan: Plan) -> Table:
    """One row per operator."""
    table = Table("operator", "workers", "CPUs each", "GPUs each", "reads", "writes")
    for operator in plan.operators:
        cells = (str(operator.workers), f"{operator.num_cpus:g}", f"{operator.num_gpus:g}")
        table.add_row(operator.step, *cells, *_PASSES[operator.step])
    return table
