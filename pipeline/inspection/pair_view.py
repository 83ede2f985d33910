"""One pair with its claims and evidence in plain words."""

from collections.abc import Iterator, Sequence

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.inspection.claim_words import claim_words, margin_words, span_words
from schemas.claim import Claim
from schemas.clip import Clip
from schemas.pair import Edit, Pair, VisualEdit


def pair_view(pair: Pair, clip: Clip | None) -> Panel:
    """What a person needs to judge a pair; `clip` adds times to its frame numbers."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _lines(pair, clip):
        table.add_row(name, Text(value) if isinstance(value, str) else value)  # a name in brackets is no markup
    title = f"pair {pair.pair_id}: {pair.axis.value.replace('_', ' ')}, {pair.question_type.value}"
    return Panel(Group(table), title=Text(title), title_align="left")


def _lines(pair: Pair, clip: Clip | None) -> Iterator[tuple[str, Text | str]]:
    yield "question", Text(pair.question, style="bold")
    yield "chosen", Text(pair.chosen, style="green")
    yield "  because", _proven(pair.chosen_claim, "true")
    yield "rejected", Text(pair.rejected, style="red")
    yield "  because", _proven(pair.rejected_claim, "false")
    yield "made wrong by", _corruption(pair)
    yield (
        "kind",
        pair.rejected_kind.value
        + (f", adversary on the {pair.adversary_axis.value.replace('_', ' ')} axis" if pair.adversary_axis else ""),
    )
    yield "clip", _clip(pair, clip)
    yield "look at", _evidence(pair, clip)
    yield "event", "; ".join(span_words(interval) for interval in pair.event_intervals) or "none"
    if pair.visual_negatives:
        yield "corrupted clips", "; ".join(f"{n.level.value}: {n.kind}" for n in pair.visual_negatives)
    yield "checks", "; ".join(_verdicts(pair))
    yield "group", pair.group_id + (f", the twin of {pair.twin_of}" if pair.twin_of else "")
    yield "written by", f"{pair.question_model} (question), {pair.chosen_model}, {pair.rejected_model}"


def _proven(claim: Claim | None, truth: str) -> str:
    return "nothing was typed" if claim is None else f"{truth} {margin_words(claim)}: {claim_words(claim)}"


def _corruption(pair: Pair) -> str:
    edit = pair.corruption.edit
    if edit is Edit.NONE:
        return "no typed edit"
    return edit.value.replace("_", " ") + (f" (its {pair.corruption.edit_of})" if pair.corruption.edit_of else "")


def _clip(pair: Pair, clip: Clip | None) -> str:
    edit = "" if pair.visual_edit is VisualEdit.NONE else f", {pair.visual_edit.value}"
    where = "" if clip is None else f" of {clip.uri}, {clip.start_seconds:.2f} to {clip.end_seconds:.2f} s"
    return f"{pair.clip_id}{where}{edit} ({pair.split.value})"


def _evidence(pair: Pair, clip: Clip | None) -> str:
    seen = [f"frames {_frames(pair.evidence.frame_indices, clip)}"] if pair.evidence.frame_indices else []
    seen += [f"tracks {', '.join(pair.evidence.track_ids)}"] if pair.evidence.track_ids else []
    seen += [f"segments {', '.join(pair.evidence.segment_ids)}"] if pair.evidence.segment_ids else []
    return "; ".join(seen) or "nothing in particular"


def _frames(indices: Sequence[int], clip: Clip | None) -> str:
    """Frame numbers, runs of them as one, with their times."""
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return ", ".join(_run(run[0], run[-1], clip) for run in runs)


def _run(first: int, last: int, clip: Clip | None) -> str:
    numbers = str(first) if first == last else f"{first} to {last}"
    if clip is None:
        return numbers
    start, end = (f"{clip.frames[index].pts_seconds:.2f}" for index in (first, last))
    return f"{numbers} ({start} s)" if first == last else f"{numbers} ({start} to {end} s)"


def _verdicts(pair: Pair) -> Iterator[str]:
    for verdict in pair.verdicts:
        found = "passed" if verdict.passed else "failed"
        by = f" by {verdict.model}" if verdict.model else ""
        yield f"{verdict.check} {found}{by}" + (f" ({verdict.detail})" if verdict.detail else "")
