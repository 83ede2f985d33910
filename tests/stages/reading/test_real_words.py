"""Writing in real clips: every word that is said to be written was seen there by eye."""

from collections.abc import Callable

import numpy as np
import pytest

from stages.claims.scene_view import SceneView
from stages.claims.writing import may_be_mirrored
from stages.decode import DecodeVideo
from stages.payloads import DecodedVideo, VideoFile
from stages.reading.reader import WritingReader
from stages.stage import read_here
from tests.shared import NEEDS_SHARED, shared
from tests.stages.reading.rendered import nothing_known

pytestmark = [pytest.mark.slow(25), NEEDS_SHARED]


@pytest.fixture(scope="module")
def view_of() -> Callable[[str, str], SceneView]:
    """What is read in a shared clip."""

    def viewed(folder: str, name: str) -> SceneView:
        file = VideoFile(shared(folder, name), "0" * 64)
        [video] = DecodeVideo(analysis_fps=1.0).process(file, read_here, np.random.default_rng(0))
        assert isinstance(video, DecodedVideo)
        [clip] = video.clips
        ends = {"start_seconds": clip.header.start_seconds, "end_seconds": clip.header.end_seconds}
        return SceneView(WritingReader().lay_over(nothing_known().model_copy(update=ends), clip))

    return viewed


def words_of(view: SceneView) -> set[str]:
    return {word for line in view.lines for word in line.words}


def test_a_logo_that_stands_all_along_is_read(view_of: Callable[[str, str], SceneView]) -> None:
    """The two words of the logo; subtitles change after two frames, and "Source: JoshuaG" is too small."""
    view = view_of("videos_more", "jobs.mp4")
    assert words_of(view) == {"evan", "carmichael"}
    assert not may_be_mirrored(view.scene)


def test_a_caption_that_is_misread_in_nearly_every_frame_is_not_asserted(
    view_of: Callable[[str, str], SceneView],
) -> None:
    """The line "Keep laundry pacs away from children." is read "laundfy", with scores of up to 1."""
    view = view_of("videos", "living_room.mp4")
    assert any("laundfy" in reading.text and reading.score > 0.95 for reading in view.scene.readings)
    assert words_of(view) == set()


def test_a_clip_without_writing_may_be_mirrored(view_of: Callable[[str, str], SceneView]) -> None:
    """A woman cooks beside a dog."""
    assert may_be_mirrored(view_of("videos", "cooking.avi").scene)
