"""All that the page of one group shows, as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.presentation.pair_lines import pair_lines
from pipeline.presentation.track_colours import track_colour
from pipeline.presentation.words import negative_words, shown_events, shown_words, track_name
from pipeline.viewer.clip_shelf import PARTS, ClipShelf
from pipeline.viewer.marked import beginning, marked
from pipeline.viewer.prompt_texts import prompt_text
from schemas.clip import Clip
from schemas.human_verdict import HumanVerdict
from schemas.interval import Interval
from schemas.pair import Pair
from schemas.scene import Event, Scene, Track
from schemas.shown import AS_STORED
from stages.claims.edited_scene import edited_seconds, is_known_as_shown

Json = dict[str, Any]
_LONGEST_LINE = 4_000
_SHOWN_APART = frozenset(("question", "chosen", "rejected", "negatives", "group"))
"""Lines of a pair that the page shows elsewhere."""
_SAME_MOMENT_SECONDS = 0.02


def group_page(pairs: Sequence[Pair], shelf: ClipShelf, verdicts: Mapping[str, HumanVerdict]) -> Json:
    """What is shown of a group.

    Args:
        pairs: all pairs of the group.
        shelf: the clips of the set.
        verdicts: what the reviewer says, by pair id.

    Raises DatasetError if the clip cannot be read or shown.
    """
    first = pairs[0]
    clip, shown = shelf.clip(first.clip_id), shelf.shown(first.clip_id, first.shown)
    return {
        **visual_page(first, clip, shown),
        "group_id": first.group_id,
        "question": marked(first.question, ()),
        "facts": _facts(first, clip),
        "look_at": [_span(interval) for interval in shown_events(first, clip)],
        "evidence_tracks": [*dict.fromkeys(track_id for pair in pairs for track_id in pair.evidence.track_ids)],
        "keyframes": _keyframes(first, clip, shown),
        "pairs": [_pair(pair, clip, verdicts.get(pair.pair_id)) for pair in pairs],
        "negatives": [
            {"words": negative_words(spec), "kind": spec.kind.value, "level": spec.level.value, "parts": list(PARTS)}
            for spec in first.visual_negatives
        ],
        "prompts": [_prompt(entry) for entry in first.prompt_hashes],
    }


def visual_page(pair: Pair, clip: Clip, shown: Clip) -> Json:
    """What is shown of a group's clip: frames with their times, tracks with boxes, events and shots."""
    return {
        "clip": {
            "clip_id": clip.clip_id,
            "uri": clip.uri,
            "video_id": clip.video_id,
            "width": clip.width,
            "height": clip.height,
            "shown": "" if pair.shown == AS_STORED else shown_words(pair.shown, clip),
        },
        "start": shown.start_seconds,
        "end": shown.end_seconds,
        "times": [frame.pts_seconds for frame in shown.frames],
        "tracks": [_track(track) for track in shown.scene.tracks],
        "events": _events(shown.scene),
        "shots": list(shown.scene.shot_starts),
    }


def _facts(pair: Pair, clip: Clip) -> Json:
    return {
        "axis": pair.axis.value,
        "type": pair.question_type.value,
        "split": pair.split.value,
        "grounds": pair.grounds.value,
        "source": pair.source,
        "licence": pair.licence,
        "file": clip.uri,
        "model": pair.question_model,
    }


def _pair(pair: Pair, clip: Clip, verdict: HumanVerdict | None) -> Json:
    lines = [(name, beginning(value, _LONGEST_LINE)) for name, value in pair_lines(pair, clip)]
    return {
        "pair_id": pair.pair_id,
        "chosen": marked(pair.chosen, pair.chosen_spans),
        "rejected": marked(pair.rejected, pair.rejected_spans),
        "difficulty": pair.difficulty,
        "lines": _joined(lines),
        "verdicts": [verdict.model_dump(mode="json") for verdict in pair.verdicts],
        "models": {"chosen": pair.chosen_model, "rejected": pair.rejected_model},
        "human": human_json(verdict),
    }


def human_json(verdict: HumanVerdict | None) -> Json | None:
    """What a person says of a pair, for a page."""
    return None if verdict is None else verdict.model_dump(mode="json", exclude={"texts_sha256", "pair_id"})


def _joined(lines: Sequence[tuple[str, str]]) -> list[Json]:
    """The lines that are not shown elsewhere. A line without a name belongs to the one before it, an indented one to
    the answer before it.
    """
    found: list[Json] = []
    owner, is_apart = "", False
    for name, value in lines:
        if name and not name.startswith(" "):
            owner, is_apart = name, name in _SHOWN_APART
            if not is_apart:
                found.append({"name": name, "values": [value]})
        elif name:
            found.append({"name": f"{owner}: {name.strip()}", "values": [value]})
            is_apart = False
        elif not is_apart:
            found[-1]["values"].append(value)
    return found


def _track(track: Track) -> Json:
    return {
        "id": track.track_id,
        "name": track_name(track),
        "colour": "#{:02x}{:02x}{:02x}".format(*track_colour(track)),
        "source": track.source,
        "score": track.score,
        "visible": [_span(interval) for interval in track.visible],
        "boxes": [[box.frame_index, box.x0, box.y0, box.x1, box.y1] for box in track.boxes],
    }


def _events(scene: Scene) -> list[Json]:
    names = {track.track_id: track_name(track) for track in scene.tracks}
    return [
        {"kind": event.kind.value, "at": event.pts_seconds, "span": _span(event), "tracks": list(event.track_ids)}
        | {"words": _event_words(event, names)}
        for event in scene.events
    ]


def _event_words(event: Event, names: Mapping[str, str]) -> str:
    if event.phrase is not None:
        return event.phrase
    of = ", ".join(names.get(track_id, track_id) for track_id in event.track_ids)
    return f"{of} {event.kind.value}".strip()


def _span(interval: Interval | Event) -> list[float]:
    return [interval.start_seconds, interval.end_seconds]


def _keyframes(pair: Pair, clip: Clip, shown: Clip) -> list[int]:
    """The frames of what is shown that are keyframes; none if the clip is edited in parts."""
    if pair.shown.segment_id is None and not is_known_as_shown(clip.scene, pair.shown):
        return []
    stored = [clip.frames[index].pts_seconds for index in pair.keyframe_indices if index < len(clip.frames)]
    wanted = [edited_seconds(clip.scene, pair.shown, seconds) for seconds in stored]
    return [
        number
        for number, frame in enumerate(shown.frames)
        if any(abs(frame.pts_seconds - seconds) < _SAME_MOMENT_SECONDS for seconds in wanted)
    ]


def _prompt(entry: str) -> Json:
    """A prompt or wording by its hash, with its name and text if it is one of those that are installed."""
    name, text = prompt_text(entry) or (entry, None)
    return {"name": name, "hash": entry, "text": text}
