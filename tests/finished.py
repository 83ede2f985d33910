"""Small finished sets that are true throughout: two things cross each clip, and every claim about them is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import cv2
import numpy as np

from pipeline.dataset.account import Tallies
from pipeline.dataset.row_writer import table_writers
from pipeline.dataset.shard_writer import ShardSizes
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import FinaliseConfig
from pipeline.storage.location import Location
from schemas.arrow import to_table
from schemas.claim import Claim, Predicate
from schemas.clip import Clip, Frame, Segment, UnitClip
from schemas.dataset import DatasetManifest
from schemas.drop import Drop, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.pair import ClaimEdit, Evidence, Pair, RejectedKind
from schemas.version import SCHEMA_VERSION
from schemas.video import VideoRef
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.payloads import WrittenVideo
from stages.seeding import rng_for
from stages.verify import VerifyClaims
from tests.scenes import event, line, scene, span, track
from tests.sets import COLOURS, SIDES, WAYS, Offered, answer, content_hash, finalise, group

SECONDS = 10.0
SAMPLED = 8
ENTERS, LEAVES = 1.0, 9.0
"""When both things come into view and go out of it."""
_WIDTH, _HEIGHT = 64, 48
_RGB = {"red": (230, 30, 30), "orange": (250, 150, 20), "yellow": (250, 240, 40), "green": (30, 160, 50)}
_RGB |= {"cyan": (40, 230, 230), "blue": (30, 60, 230), "purple": (140, 40, 170), "pink": (250, 150, 190)}


@dataclass(frozen=True)
class Crossing:
    """One thing that crosses the picture."""

    name: str
    side: str
    """Where it comes in."""
    height: float

    @property
    def ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Where its centre starts and ends."""
        left, right = (0.05, self.height), (0.95, self.height)
        return (left, right) if self.side == "left" else (right, left)

    def at(self, moment: float) -> tuple[float, float, float, float]:
        """Its box."""
        return line(*self.ends, (ENTERS, LEAVES), size=0.1)(moment)

    @property
    def other_side(self) -> str:
        """Where it goes out."""
        return "right" if self.side == "left" else "left"


@dataclass(frozen=True)
class Whole:
    """A finished set and what it was made from."""

    path: Path
    finalised: Finalised
    clips: tuple[Clip, ...]
    manifest: DatasetManifest


def write_set(path: Path, videos: int = 4, seed: int = 0, sizes: ShardSizes | None = None) -> Whole:
    """Make a set of `videos` clips; its every claim is proven from the scenes it stores."""
    written = [written_video(number, seed) for number in range(videos)]
    offers = [
        (
            VideoRef(uri=f"clip_{number}.mp4", source="drawn", licence="CC0-1.0"),
            Offered(w.content_sha256, w.questions_seen, w.groups),
        )
        for number, w in enumerate(written)
    ]
    finalised = finalise(offers, FinaliseConfig(max_predicate_loss=0), seed)
    videos_of = {video.content_sha256: video for video in finalised.videos}
    clips = tuple(
        Clip(video_id=video.video_id, uri=video.ref.uri, **dict(clip))
        for w in sorted(written, key=lambda w: w.content_sha256)
        for clip in w.clips
        if (video := videos_of.get(w.content_sha256)) is not None
    )
    pairs = [pair for video in finalised.videos for pair in video.pairs()]
    manifest = store(path, pairs, clips, finalised.drops, sizes, questions=sum(w.questions_seen for w in written))
    return Whole(path, finalised, clips, manifest)


def store(
    path: Path,
    pairs: Sequence[Pair],
    clips: Sequence[Clip],
    drops: Sequence[Drop],
    sizes: ShardSizes | None = None,
    *,
    questions: int,
) -> DatasetManifest:
    """Write rows as a finished set with an account that agrees with them."""
    path.mkdir(parents=True, exist_ok=True)
    tallies = Tallies()
    tallies.kept.update({ItemType.VIDEO: len({pair.video_id for pair in pairs}), ItemType.PAIR: len(pairs)})
    tallies.kept.update({ItemType.CLIP: len(clips), ItemType.QUESTION: len({pair.group_id for pair in pairs})})
    tallies.produced.update(tallies.kept)
    tallies.produced[ItemType.QUESTION] = questions
    tallies.produced[ItemType.VIDEO] += sum(drop.item_type is ItemType.VIDEO for drop in drops)
    tallies.count_drops(drops)
    pair_writer, clip_writer, drop_writer = table_writers(Location.parse(str(path)), path, sizes)
    for pair in pairs:
        pair_writer.add(to_table(Pair, [pair]), pair.split)
    for clip in clips:
        clip_writer.add(to_table(Clip, [clip]))
    for drop in drops:
        drop_writer.add(to_table(Drop, [drop]))
    shards = [*pair_writer.finish(), *clip_writer.finish(), *drop_writer.finish()]
    manifest = DatasetManifest(
        schema_version=SCHEMA_VERSION,
        recipe_name="facts",
        recipe={},
        fingerprint="0" * 64,
        seed=0,
        account=tallies.account(ignored_files=0),
        shards=tuple(sorted(shards, key=lambda shard: shard.path)),
    )
    (path / "dataset.json").write_text(manifest.model_dump_json(indent=1))
    return manifest


def written_video(number: int, seed: int = 0) -> WrittenVideo:
    """One clip with its proven groups; ValueError where one of them is not proven after all."""
    rng = rng_for(seed, "tests/finished", str(number))
    content = content_hash(number)
    names = [COLOURS[int(i)] for i in rng.permutation(len(COLOURS))]
    things = [Crossing(name, SIDES[int(rng.integers(2))], 0.3 + 0.4 * i) for i, name in enumerate(names[:2])]
    clip = _clip(content, things)
    groups = [_sides(clip.clip_id, place, thing, names[2 + place]) for place, thing in enumerate(things)]
    groups += [_ways(clip.clip_id, place, thing) for place, thing in enumerate(things)]
    offered = WrittenVideo(content, (clip,), tuple(groups), questions_seen=len(groups))
    *drops, proven = VerifyClaims().process(offered, None, rng)
    if drops or isinstance(proven, Drop):
        raise ValueError(f"a test set must be true: {drops}")
    return proven


def _clip(content: str, things: Sequence[Crossing]) -> UnitClip:
    tracks = [
        track(
            f"t{number}",
            thing.at,
            ((ENTERS, LEAVES),),
            name=thing.name,
            enters_from=thing.side,
            leaves_to=thing.other_side,
        )
        for number, thing in enumerate(things)
    ]
    events = [event(*what, f"t{i}") for i in range(len(things)) for what in (("enters", ENTERS), ("leaves", LEAVES))]
    seen = scene(*tracks, seconds=SECONDS, events=events)
    moments = [SECONDS * (i + 0.5) / SAMPLED for i in range(SAMPLED)]
    visible = [(i, moment) for i, moment in enumerate(moments) if ENTERS <= moment < LEAVES]
    boxes = [
        tuple({"frame_index": i, **dict(zip(("x0", "y0", "x1", "y1"), thing.at(t), strict=True))} for i, t in visible)
        for thing in things
    ]
    stored = [t.model_dump() | {"boxes": b} for t, b in zip(seen.tracks, boxes, strict=True)]
    frames = tuple(Frame(pts_seconds=t, jpeg=_picture(things, t)) for t in moments)
    return UnitClip.model_validate(
        {
            "clip_id": f"{content[:16]}-000",
            "content_sha256": content,
            "codec": "h264",
            "width": _WIDTH,
            "height": _HEIGHT,
            "rotation_degrees": 0,
            "start_seconds": 0.0,
            "end_seconds": SECONDS,
            "duration_seconds_from_header": SECONDS,
            "duration_seconds_measured": SECONDS,
            "frames": frames,
            "segments": (Segment(segment_id="s0", start_seconds=0.0, end_seconds=SECONDS, frames=frames),),
            "scene": seen.model_dump() | {"tracks": stored},
        }
    )


def _picture(things: Sequence[Crossing], moment: float) -> bytes:
    image_HWC = np.full((_HEIGHT, _WIDTH, 3), 90, dtype=np.uint8)
    for thing in things if ENTERS <= moment < LEAVES else ():
        x0, y0, x1, y1 = thing.at(moment)
        corner = (round(x0 * _WIDTH), round(y0 * _HEIGHT)), (round(x1 * _WIDTH), round(y1 * _HEIGHT))
        cv2.rectangle(image_HWC, *corner, _RGB[thing.name][::-1], thickness=-1)
    return cv2.imencode(".jpg", image_HWC)[1].tobytes()


def _sides(clip_id: str, place: int, thing: Crossing, absent: str) -> CandidateGroup:
    """A grid: this thing, or one that is not there, comes in from the left, or the right."""
    corners = []
    for name, side in product((thing.name, absent), SIDES):
        here = name == thing.name
        true = here and side == thing.side
        claim = Claim(
            predicate=Predicate.ENTERS_FROM,
            subject_tracks=(f"t{place}",) if here else (),
            subject_phrases=(f"the {name} one",),
            value=side,
            in_video=here,
        )
        kind = None if true else RejectedKind.RELEVANT if here else RejectedKind.IRRELEVANT
        edit = ClaimEdit.NONE if true else ClaimEdit.SWAP_SIDES if here else ClaimEdit.ABSENT_ENTITY
        corners.append(answer(claim, f"The {name} one comes in from the {side}.", kind, edit))
    question = f"What comes into view in the {('upper', 'lower')[place]} part?"
    return _group(clip_id, f"sides{place}", question, "grid", corners, place, (absent,))


def _ways(clip_id: str, place: int, thing: Crossing) -> CandidateGroup:
    """All four ways in which this thing may move."""
    answers = []
    for way in WAYS:
        true = way == thing.other_side
        claim = Claim(
            predicate=Predicate.MOVES,
            subject_tracks=(f"t{place}",),
            subject_phrases=(f"the {thing.name} one",),
            intervals=(span(ENTERS, LEAVES),),
            value=way,
        )
        kind, edit = (None, ClaimEdit.NONE) if true else (RejectedKind.RELEVANT, ClaimEdit.REVERSE_DIRECTION)
        answers.append(answer(claim, f"It moves {way}.", kind, edit))
    return _group(clip_id, f"ways{place}", f"Which way does the {thing.name} one move?", "values", answers, place, ())


def _group(
    clip_id: str,
    name: str,
    question: str,
    form: str,
    answers: list[CandidateAnswer],
    place: int,
    absent: tuple[str, ...],
) -> CandidateGroup:
    return group(
        f"{clip_id}/{name}",
        question,
        form,
        answers,
        clip_id=clip_id,
        absent=absent,
        evidence=Evidence(frame_indices=(2, 3), track_ids=(f"t{place}",), segment_ids=("s0",)),
        event_intervals=(span(ENTERS, LEAVES),),
        visual_negatives=(VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.BLACK),),
    )
