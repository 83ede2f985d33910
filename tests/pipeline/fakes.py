"""Light stages that make small but whole units, so that the engine is tested without its detectors.

A "video" is any file: its bytes alone decide what comes of it. Every worker on Ray imports this file, so it imports no
stage of the product and no recipe.
"""

import hashlib
import time
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from numpy.random import Generator

from pipeline.engine.step_setup import AnyStage, StepSetup, file_alone
from schemas.claim import Axis, Claim, Predicate, QuestionType
from schemas.clip import Frame, Segment, UnitClip
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Evidence, RejectedKind, Verdict
from schemas.scene import Scene
from stages.payloads import ClipHeader, CutRequest, DecodedClip, DecodedVideo, GroundedVideo, VideoFile, WrittenVideo
from stages.stage import PixelReader, Stage

SECONDS = 10.0


class FakeDecode(Stage[VideoFile, None, DecodedVideo]):
    """Bytes become one clip of ten seconds; "bad", "crash" and "bug" in a file do as they say."""

    frame_bytes: int = 1_000
    """Size of each of the clip's four frames."""
    seconds: float = 0.0
    """How long it takes."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing."""

    def process(self, item: VideoFile, _tools: None, rng: Generator, /) -> Iterator[DecodedVideo | Drop]:
        """Read the file."""
        time.sleep(self.seconds)
        content = item.path.read_bytes()
        if content.startswith(b"bad"):
            yield video_drop(item.content_sha256, DropReason.UNDECODABLE)
            return
        if content.startswith(b"crash"):
            yield video_drop(item.content_sha256, DropReason.CHILD_CRASHED)
            return
        if content.startswith(b"bug"):
            raise RuntimeError("a stage that fails as none should")
        frames = tuple(Frame(pts_seconds=float(i), jpeg=as_jpeg(rng.bytes(self.frame_bytes))) for i in range(4))
        header = ClipHeader(
            clip_id=f"{item.content_sha256[:16]}-000",
            content_sha256=item.content_sha256,
            codec="fake",
            width=64,
            height=48,
            rotation_degrees=0,
            start_seconds=0.0,
            end_seconds=SECONDS,
            duration_seconds_from_header=None,
            duration_seconds_measured=SECONDS,
        )
        yield DecodedVideo(item.content_sha256, (DecodedClip(header, frames, frames),), item.annotations)


class GatedDecode(FakeDecode):
    """A decode that takes one file away from a folder for each video, and waits while the folder is empty."""

    gate: str
    """The folder; empty for none."""

    def process(self, item: VideoFile, tools: None, rng: Generator, /) -> Iterator[DecodedVideo | Drop]:
        """Wait, then decode."""
        while self.gate and not _take_one(Path(self.gate)):
            time.sleep(0.02)
        yield from super().process(item, tools, rng)


class FakeGround(Stage[DecodedVideo, None, GroundedVideo]):
    """Sees nothing in any clip."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing."""

    def process(self, item: DecodedVideo, _tools: None, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """An empty scene per clip."""
        yield GroundedVideo(item.content_sha256, tuple(_grounded(clip) for clip in item.clips), item.annotations)


class FakeGenerate(Stage[GroundedVideo, None, WrittenVideo]):
    """Asks `groups` questions about which of two stretches is brighter; the answer is drawn."""

    groups: int = 3
    """Questions of each clip."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing."""

    def process(self, item: GroundedVideo, _tools: None, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Offer the groups; one more question is dropped."""
        groups = tuple(_group(clip, number, rng) for clip in item.clips for number in range(self.groups))
        yield WrittenVideo(item.content_sha256, item.clips, groups, questions_seen=len(groups) + 1)
        yield Drop(
            item_id=f"{item.content_sha256[:16]}-q{self.groups}",
            item_type=ItemType.QUESTION,
            video_id=None,
            uri=None,
            stage="generate",
            reason=DropReason.MARGIN_TOO_SMALL,
            measured=0.1,
            limit=0.2,
        )


class FakeCut(Stage[CutRequest, None, WrittenVideo]):
    """Every clip gets one segment, made of bytes of the file."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing."""

    def process(self, item: CutRequest, _tools: None, _rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Read the file again."""
        digest = hashlib.sha256(Path(item.file.path).read_bytes()).digest()
        frames = tuple(Frame(pts_seconds=float(i), jpeg=as_jpeg(digest)) for i in range(8))
        segment = Segment(segment_id="s0", start_seconds=0.0, end_seconds=8.0, frames=frames)
        clips = tuple(clip.model_copy(update={"segments": (segment,)}) for clip in item.video.clips)
        yield replace(item.video, clips=clips)


class FakeVerify(Stage[WrittenVideo, None, WrittenVideo]):
    """Passes every answer."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing."""

    def process(self, item: WrittenVideo, _tools: None, _rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Give each answer a verdict."""
        proof = (Verdict(check="proof", passed=True, margin=1.0),)
        groups = tuple(
            group.model_copy(update={"answers": tuple(a.model_copy(update={"verdicts": proof}) for a in group.answers)})
            for group in item.groups
        )
        yield replace(item, groups=groups)


def fake_steps(**stages: AnyStage) -> tuple[StepSetup, ...]:
    """Five fakes, in the order of the real stages; `stages` replaces some of them by their step's name."""
    steps = (
        StepSetup("decode", FakeDecode(), 0.15, reads="file", writes="clip", has_child=True, with_file=file_alone),
        StepSetup("ground", FakeGround(), 1.0, reads="clip", writes="scene"),
        StepSetup("generate", FakeGenerate(), 0.05, reads="scene", writes="groups"),
        StepSetup("cut", FakeCut(), 0.12, reads="file", writes="segments", has_child=True, with_file=CutRequest),
        StepSetup("verify", FakeVerify(), 0.05, reads="groups", writes="proven groups"),
    )
    return tuple(replace(step, stage=stages.get(step.name, step.stage)) for step in steps)


def of_step(steps: Sequence[StepSetup], name: str) -> StepSetup:
    """The step of that name."""
    return next(step for step in steps if step.name == name)


_PIXEL = b64decode(
    "/9j/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAAL"
    "CAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)
"""A JPEG of one grey pixel."""
_MOST_COMMENT = 65_000


def as_jpeg(content: bytes) -> bytes:
    """A JPEG of one pixel that holds the content as comments, so that frames differ and can be read."""
    parts = [content[start : start + _MOST_COMMENT] for start in range(0, len(content), _MOST_COMMENT)]
    comments = b"".join(b"\xff\xfe" + (len(part) + 2).to_bytes(2, "big") + part for part in parts)
    return _PIXEL[:2] + comments + _PIXEL[2:]


def video_drop(content_sha256: str, reason: DropReason) -> Drop:
    """The drop that ends a video."""
    return Drop(
        item_id=content_sha256[:16],
        item_type=ItemType.VIDEO,
        video_id=content_sha256[:16],
        uri=None,
        stage="decode",
        reason=reason,
    )


def _take_one(folder: Path) -> bool:
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another process was faster
            file.unlink()
            return True
    return False


def empty_scene(seconds: float) -> Scene:
    """A scene of a clip in which nothing is seen."""
    return Scene(
        start_seconds=0.0,
        end_seconds=seconds,
        tracked=(),
        tracks=(),
        links=(),
        cuts=(),
        fades=(),
        strongest_non_cut=0.0,
        hues=(),
        events=(),
        measures=(),
    )


def _grounded(clip: DecodedClip) -> UnitClip:
    return UnitClip(**vars(clip.header), frames=clip.frames, segments=(), scene=empty_scene(SECONDS))


def _group(clip: UnitClip, number: int, rng: Generator) -> CandidateGroup:
    halves = (Interval(start_seconds=0, end_seconds=4), Interval(start_seconds=6, end_seconds=10))
    answers = [
        _answer("The first part is brighter than the last.", halves, true=False),
        _answer("The last part is brighter than the first.", halves[::-1], true=False),
    ]
    winner = int(rng.integers(2))
    answers[winner] = answers[winner].model_copy(update={"rejected_kind": None})
    return CandidateGroup(
        group_id=f"{clip.clip_id}-q{number}-0",
        slot_id=f"{clip.clip_id}-q{number}",
        clip_id=clip.clip_id,
        question=f"Which part of the clip is brighter, seen for the {number}th time?",
        question_model="fake",
        question_type=QuestionType.DYNAMIC_ATTRIBUTE,
        axis=Axis.CROSS_FRAME,
        form="opposites",
        balance=(f"brighter={winner}",),
        balance_others=((f"brighter={1 - winner}",),),
        answers=tuple(answers),
        evidence=Evidence(frame_indices=(0, 3), segment_ids=("s0",)),
        event_intervals=(),
        keyframe_indices=(0,),
    )


def _answer(text: str, intervals: tuple[Interval, ...], *, true: bool) -> CandidateAnswer:
    claim = Claim(predicate=Predicate.BRIGHTER, intervals=intervals)
    return CandidateAnswer(
        text=text, claims=(claim,), rejected_kind=None if true else RejectedKind.RELEVANT, model="fake"
    )
