"""One pair with its claims and evidence in plain words."""

from collections.abc import Iterator, Sequence

from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.presentation.words import claim_words, margin_words, negative_words, shown_events, span_words
from schemas.claim import Claim
from schemas.clip import Clip
from schemas.pair import ClaimEdit, Pair, VisualEdit
from schemas.problems import printable
from stages.claims.visual_edit import edited_seconds


def pair_view(pair: Pair, clip: Clip | None) -> Panel:
    """What a person needs to judge a pair; `clip` adds times to its frame numbers."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _lines(pair, clip):
        shown = Text(printable(value)) if isinstance(value, str) else value  # a name in brackets is not markup
        table.add_row(name, shown)
    title = f"pair {pair.pair_id}: {pair.axis.value.replace('_', ' ')}, {pair.question_type.value}"
    return Panel(Group(table), title=Text(title), title_align="left")


def _lines(pair: Pair, clip: Clip | None) -> Iterator[tuple[str, Text | str]]:
    yield "question", Text(pair.question, style="bold")
    yield "chosen", Text(pair.chosen, style="green")
    yield "  its claim", _proven(pair.chosen_claim, "true")
    yield "rejected", Text(pair.rejected, style="red")
    yield "  its claim", _proven(pair.rejected_claim, "false")
    yield "made wrong by", _corruption(pair)
    yield (
        "kind",
        pair.rejected_kind.value
        + (f", adversary on the {pair.adversary_axis.value.replace('_', ' ')} axis" if pair.adversary_axis else ""),
    )
    yield "clip", _clip(pair, clip)
    yield "look at", _evidence(pair, clip)
    yield "event", "; ".join(span_words(interval) for interval in shown_events(pair, clip)) or "none"
    for number, negative in enumerate(pair.visual_negatives):
        yield "corrupted clips" if number == 0 else "", negative_words(negative)
    yield "checks", "; ".join(_verdicts(pair))
    yield "group", pair.group_id + (f", the twin of {pair.twin_of}" if pair.twin_of else "")
    yield "written by", f"{pair.question_model} (question), {pair.chosen_model}, {pair.rejected_model}"


def _proven(claim: Claim | None, truth: str) -> str:
    return "nothing was typed" if claim is None else f"{claim_words(claim)}: {truth} {margin_words(claim)}"


def _corruption(pair: Pair) -> str:
    edit = pair.corruption.edit
    if edit is ClaimEdit.NONE:
        return "no typed edit"
    return edit.value.replace("_", " ") + (f" (its {pair.corruption.edit_of})" if pair.corruption.edit_of else "")


def _clip(pair: Pair, clip: Clip | None) -> str:
    edit = "" if pair.visual_edit is VisualEdit.NONE else f", {pair.visual_edit.value}"
    where = "" if clip is None else f" of {clip.uri}, {clip.start_seconds:.2f} to {clip.end_seconds:.2f} s"
    return f"{pair.clip_id}{where}{edit} ({pair.split.value})"


def _evidence(pair: Pair, clip: Clip | None) -> str:
    times = None
    if clip is not None:
        times = [edited_seconds(clip.scene, pair.visual_edit, frame.pts_seconds) for frame in clip.frames]
    seen = [f"frames {_frames(pair.evidence.frame_indices, times)}"] if pair.evidence.frame_indices else []
    seen += [f"tracks {', '.join(pair.evidence.track_ids)}"] if pair.evidence.track_ids else []
    seen += [f"segments {', '.join(pair.evidence.segment_ids)}"] if pair.evidence.segment_ids else []
    return "; ".join(seen) or "nothing in particular"


def _frames(indices: Sequence[int], times: Sequence[float] | None) -> str:
    """Numbers of stored frames, runs of them as one, with the times at which the edited clip shows them."""
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return ", ".join(_run(run[0], run[-1], times) for run in runs)


def _run(first: int, last: int, times: Sequence[float] | None) -> str:
    numbers = str(first) if first == last else f"{first} to {last}"
    if times is None:
        return numbers
    start, end = (f"{moment:.2f}" for moment in sorted((times[first], times[last])))
    return f"{numbers} ({start} s)" if first == last else f"{numbers} ({start} to {end} s)"


def _verdicts(pair: Pair) -> Iterator[str]:
    for verdict in pair.verdicts:
        found = "passed" if verdict.passed else "failed"
        by = f" by {verdict.model}" if verdict.model else ""
        yield f"{verdict.check} {found}{by}" + (f" ({verdict.detail})" if verdict.detail else "")
