"""A native crash while pixels are read costs one video, at whatever step."""

import ctypes
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.drop import DropReason, ItemType
from schemas.scene import Scene
from stages.ground import Ground
from stages.motion.detector import MotionDetector
from stages.payloads import DecodedClip
from tests.pipeline.fakes import SECONDS, empty_scene, fake_steps
from tests.pipeline.runs import make_videos, run_fakes

pytestmark = pytest.mark.process


class CrashingDetector(MotionDetector):
    """Sees nothing, but reads address 0 on the video whose content hash begins as given."""

    on: str

    def detect(self, clip: DecodedClip, /) -> Scene:
        """Crash as OpenCV does on a picture that it cannot hold, or give an empty scene."""
        if clip.header.content_sha256.startswith(self.on):
            ctypes.string_at(0)
        return empty_scene(SECONDS)


def test_a_crash_in_ground_is_that_videos_drop(tmp_path: Path) -> None:
    """Of three videos one crashes the detector: it is dropped, the two others are kept, and the run ends well."""
    videos = make_videos(tmp_path / "videos", 3)
    digest = _sha256(videos / "001.mp4")
    steps = tuple(
        replace(step, has_child=True) if step.name == "ground" else step
        for step in fake_steps(ground=Ground(motion=CrashingDetector(on=digest[:16])))
    )
    account = run_fakes(videos, tmp_path / "ds", steps=steps).account
    line = account.line(ItemType.VIDEO)
    assert line is not None
    assert (line.produced, line.kept) == (3, 2)
    assert [(entry.reason, entry.count) for entry in line.dropped] == [(DropReason.CHILD_CRASHED, 1)]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
