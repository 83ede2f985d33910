"""`vidpref evaluate`: compares a policy with its base model on a finished set and prints the report."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyarrow.fs import FileType
from rich.console import Console
from rich.progress import track

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.lmms_eval import benchmark_text
from pipeline.evaluation.report import EvaluationReport, metric_lines, written_answers
from pipeline.evaluation.selection import SelectedGroups, select
from pipeline.evaluation.settings import EvaluateSettings, settings_of
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.evaluation.tables import report_tables
from pipeline.storage.location import Location, filesystem_error
from schemas.errors import OutputError
from schemas.problems import printable
from stages.models.video_llm import open_family
from stages.models.video_llm.score import ScorePath
from stages.seeding import rng_for
from trainer.answering.choices import Choice, choices
from trainer.answering.evaluate import GroupResult, Task, choose_path, evaluate_group
from trainer.data.records import GroupRows
from trainer.policy.side_by_side import BASE, POLICY, START, ComparedModel, Placement, Policy, open_side_by_side
from trainer.policy.trained import trained_of
from trainer.recipe import AdapterKind, TrainRecipe


@dataclass(frozen=True)
class EvaluateOptions:
    """What `vidpref evaluate` is asked for."""

    policy: str
    """An adapter's folder, or merged weights."""
    data: str
    split: EvaluatedSplit = EvaluatedSplit.VALIDATION
    base: str | None = None
    """The model to compare with; None for the one that the adapter was trained on."""
    limit: int | None = None
    """About N groups; None for all."""
    device: str | None = None
    """None for the GPU if there is one, else the CPU."""
    overrides: tuple[str, ...] = ()
    """`key=value`, for `EvaluateSettings`."""
    as_json: bool = False
    out: str | None = None
    """A file that also gets the report, as JSON."""


def run_evaluate(console: Console, options: EvaluateOptions) -> EvaluationReport:
    """Evaluate and print the report. Raises the UserErrors of settings, set, model and output."""
    out = None if options.out is None else _file_to_write(options.out)
    report = evaluate(options)
    if options.as_json:
        console.print_json(report.model_dump_json())
    else:
        console.print(*report_tables(report), sep="\n")
        console.print(f"\n{report.lmms_eval}", soft_wrap=True, markup=False, highlight=False)
    if out is not None:  # last, so that a full disk does not cost the report
        try:
            out.write_bytes(report.model_dump_json(indent=1).encode())
        except OSError as error:
            raise OutputError(f"--out {options.out} cannot be written: {filesystem_error(error)}") from error
    return report


def _file_to_write(path: str) -> Location:
    """The file that gets the report. Raises UserError, before hours of evaluation, if no file can be there."""
    place = Location.parse(path)
    above = Location(place.filesystem, place.path.rpartition("/")[0])
    try:
        if place.kind() is FileType.Directory:
            raise OutputError(f"--out {path} is a folder; give a file, such as {path.rstrip('/')}/report.json")
        if above.kind() in (FileType.File, FileType.Unknown):
            raise OutputError(f"--out {path} cannot be written: {above} is not a folder")
    except OSError as error:
        raise OutputError(f"--out {path} cannot be written: {filesystem_error(error)}") from error
    return place


def evaluate(options: EvaluateOptions) -> EvaluationReport:
    """The report. The same set, weights, settings and machine give the same report."""
    settings = settings_of(options.overrides)
    policy = Policy.at(options.policy, options.base)
    if policy.note is not None:
        _warn(policy.note)
    placement = Placement.of(options.device, settings.precision)
    training = trained_of(policy.path)
    trained = (training.recipe if training else TrainRecipe()).data
    if training is not None:
        trained = trained.model_copy(update={"short_side": training.resolution.short_side})
    if settings.held_out_share is not None:
        trained = trained.model_copy(update={"held_out_share": settings.held_out_share})
    selected = select(
        FinishedSet.open(options.data),
        options.split,
        num_frames=settings.num_frames
        or (training.manifest.num_frames if training else open_family(policy.weights).default_frames),
        trained=trained,
        seed=settings.seed,
        limit=options.limit,
    )
    models = open_side_by_side(policy, placement)
    path = choose_path(models[-1], selected.loader.load(selected.groups[0], contrasts=False), _warn)
    by_name: dict[str, list[GroupResult]] = {compared.name: [] for compared in models}
    for results in _results(models, selected, settings, path):
        for compared, result in zip(models, results, strict=True):
            by_name[compared.name].append(result)
    own, before, between = by_name[POLICY], by_name.get(BASE), by_name.get(START)
    shown = selected.loader.num_frames
    return EvaluationReport(
        policy=policy.path,
        base=policy.base,
        start=policy.start,
        dataset=options.data,
        split=options.split,
        groups=len(own),
        pairs=sum(len(result.rows.rejected) for result in own),
        videos=len({result.rows.video_id for result in own}),
        dropped_pairs=selected.dropped_pairs,
        num_frames=shown,
        device=placement.device,
        precision=placement.precision,
        path=path,
        lines=metric_lines(own, before, settings.seed, between),
        answers=tuple(written_answers(own, before, between)),
        lmms_eval=benchmark_text(
            models[-1].family.name,
            policy.path,
            policy.base,
            shown,
            is_adapter=policy.is_adapter,
            learnt_in_4_bit=training is not None and training.recipe.adapter.kind is AdapterKind.QLORA,
        ),
    )


def _results(
    models: Sequence[ComparedModel], selected: SelectedGroups, settings: EvaluateSettings, path: ScorePath
) -> Iterator[tuple[GroupResult, ...]]:
    stderr = Console(stderr=True)
    numbered = list(enumerate(selected.groups))
    for place, rows in track(numbered, "evaluating", console=stderr, transient=True, disable=not stderr.is_terminal):
        group = selected.loader.load(rows, contrasts=True)
        yield evaluate_group(models, group, _task(rows, place, settings), path)


def _task(rows: GroupRows, place: int, settings: EvaluateSettings) -> Task:
    """What to ask about the group at this place: only the first groups are asked to write and to choose."""
    asked: tuple[Choice, ...] = ()
    if place < settings.choice_groups and rows.rejected:
        rng = rng_for(settings.seed, "choices", rows.twins_id)
        asked = choices(rows.question, rows.chosen.text, [answer.text for answer in rows.rejected], rng)
    return Task(settings.max_new_tokens if place < settings.generate_groups else 0, asked)


def _warn(line: str) -> None:
    sys.stderr.write(f"vidpref: {printable(line)}\n")
