"""One pair, line by line: its texts, claims, evidence and checks in plain words."""

from collections.abc import Iterator, Sequence

from pipeline.presentation.words import claim_words, margin_words, negative_words, shown_events, shown_words, span_words
from schemas.claim import Claim
from schemas.clip import Clip
from schemas.pair import ClaimEdit, FramesCorruption, Pair, PromptCorruption
from schemas.shown import AS_STORED
from stages.claims.edited_scene import edited_seconds


def pair_lines(pair: Pair, clip: Clip) -> Iterator[tuple[str, str]]:
    """Everything that a person needs to judge a pair: a name and a value for each line.

    A name that is indented is about the line before it; an empty one goes on with it. `clip` is the pair's clip as it
    is stored.
    """
    yield "question", pair.question
    yield "chosen", pair.chosen
    yield from _claims(pair.chosen_claims, "true")
    yield "rejected", pair.rejected
    yield from _rejected_claims(pair)
    yield "  made by", corruption_words(pair)
    yield "  kind", _kind(pair)
    yield "difficulty", "not measured" if pair.difficulty is None else f"{pair.difficulty:.2f} (0 is easiest to see)"
    yield "clip", _clip(pair, clip)
    yield "evidence", _evidence(pair, clip)
    all_of_it = "the whole clip" if pair.shown.segment_id is None else "all that is shown"
    yield "look at", "; ".join(span_words(interval) for interval in shown_events(pair, clip)) or all_of_it
    for number, negative in enumerate(pair.visual_negatives):
        yield "negatives" if number == 0 else "", negative_words(negative)
    yield "grounds", pair.grounds.value
    yield "checks", "; ".join(dict.fromkeys(_verdicts(pair))) or "none"
    yield "group", pair.group_id + (f", the twin of {pair.twin_of}" if pair.twin_of else "")
    yield "models", f"question: {pair.question_model}, chosen: {pair.chosen_model}, rejected: {pair.rejected_model}"


def _claims(claims: Sequence[Claim], truth: str) -> Iterator[tuple[str, str]]:
    """A line for each claim."""
    if not claims:
        yield "  claim", "none"
    for number, claim in enumerate(claims):
        yield "  claim" if number == 0 else "", f"{claim_words(claim)}: {truth} {margin_words(claim)}".rstrip()


def _rejected_claims(pair: Pair) -> Iterator[tuple[str, str]]:
    """The claims of the rejected answer; of several, those that the chosen one makes as well are true."""
    if len(pair.rejected_claims) <= 1:
        yield from _claims(pair.rejected_claims, "false")
        return
    for number, claim in enumerate(pair.rejected_claims):
        said = "as in chosen" if claim in pair.chosen_claims else f"changed {margin_words(claim)}"
        yield "  claims" if number == 0 else "", f"{claim_words(claim)}: {said}".rstrip()


def corruption_words(pair: Pair) -> str:
    """How the rejected answer was made wrong."""
    edit, part = pair.corruption.edit, pair.corruption.edit_of
    said = "no typed edit" if edit is ClaimEdit.NONE else edit.value.replace("_", " ")
    said += f", applied to the claim's {part}" if part else ""
    frames, prompt = pair.corruption.frames, pair.corruption.prompt
    if frames is not FramesCorruption.NONE:
        said += f"; shown {frames.value} frames"
    return said + ("; told to make an error" if prompt is PromptCorruption.FALSE_PREMISE else "")


def _kind(pair: Pair) -> str:
    axis = "" if pair.adversary_axis is None else f", wrong on the {pair.adversary_axis.value.replace('_', ' ')} axis"
    return pair.rejected_kind.value.replace("_", " ") + axis


def _clip(pair: Pair, clip: Clip) -> str:
    edit = "" if pair.shown == AS_STORED else f", shown {shown_words(pair.shown, clip)}"
    where = f"{clip.uri}, {clip.start_seconds:.2f} to {clip.end_seconds:.2f} s"
    return f"{pair.clip_id} of {where}{edit} ({pair.split.value} split)"


def _evidence(pair: Pair, clip: Clip) -> str:
    times = [edited_seconds(clip.scene, pair.shown, frame.pts_seconds) for frame in clip.frames]
    evidence = pair.evidence
    parts = [f"frames {_frames(evidence.frame_indices, times)}"] if evidence.frame_indices else []
    parts += [f"tracks {', '.join(evidence.track_ids)}"] if evidence.track_ids else []
    parts += [f"segments {', '.join(evidence.segment_ids)}"] if evidence.segment_ids else []
    return "; ".join(parts) or "nothing in particular"


def _frames(indices: Sequence[int], times: Sequence[float]) -> str:
    """Frame numbers, joined into runs, with the times at which the edited clip shows them."""
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return ", ".join(_run(run[0], run[-1], times) for run in runs)


def _run(first: int, last: int, times: Sequence[float]) -> str:
    start, end = sorted((times[first], times[last]))
    return f"{first} ({start:.2f} s)" if first == last else f"{first} to {last} ({start:.2f} to {end:.2f} s)"


def _verdicts(pair: Pair) -> Iterator[str]:
    for verdict in pair.verdicts:
        result = "passed" if verdict.passed else "failed"
        by = f" by {verdict.model}" if verdict.model else ""
        detail = f" ({verdict.detail})" if verdict.detail else ""
        yield f"{verdict.check} {result}{by}{detail}".replace("_", " ")
