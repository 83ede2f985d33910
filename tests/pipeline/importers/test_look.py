"""What an import looks up in files: size, times, hashes, shots and motion."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.importers.look import Looked, Wanted, look_at, look_at_all
from pipeline.importers.prints import alike_share, show_the_same
from pipeline.importers.richness import count_different, richness_of
from schemas.drop import DropReason
from stages.motion.picture.places import picture_of
from stages.video.unusable import UnusableVideo
from tests.videos import KINDS, X264, make_video

pytestmark = pytest.mark.video


def test_size_and_times_are_those_of_the_upright_frames(tmp_path: Path) -> None:
    """A video of 128 x 96 that is turned is 96 x 128; 75 frames at 25 a second end after 3 s."""
    looked = look_at(make_video(tmp_path / "v", KINDS["rotated_90"]), Wanted())
    assert (looked.width, looked.height, len(looked.times_F)) == (96, 128, 75)
    assert looked.times_F[1] == pytest.approx(0.04)
    assert looked.end_seconds == pytest.approx(3.0)
    assert len(looked.prints_N) == 0
    assert looked.richness is None


@pytest.mark.process
def test_results_come_in_the_order_of_the_files_and_one_bad_file_costs_itself(tmp_path: Path) -> None:
    """With two children at work the second file, which is no video, is known as that."""
    good = make_video(tmp_path / "v", replace(X264, num_frames=30))
    (tmp_path / "bad.mp4").write_bytes(b"no video")
    first, second, third = look_at_all([good, tmp_path / "bad.mp4", good], Wanted(), workers=2)
    assert isinstance(first, Looked)
    assert isinstance(second, UnusableVideo)
    assert second.reason is DropReason.UNDECODABLE
    assert isinstance(third, Looked)
    assert len(third.times_F) == 30
    assert list(look_at_all([], Wanted(), workers=2)) == []


def test_shots_that_differ_are_counted_and_motion_is_measured(tmp_path: Path) -> None:
    """A red room, a green room, and the red one again are three shots that differ in two. A square of 60 x 60 of
    320 x 240 pixels, 5 %, moves on: what changes at its edges is some per mille of the picture.
    """
    richness = richness_of(_rooms(tmp_path / "v.mp4", ("red", "green", "red")))
    assert richness.shots == 2
    assert 0.001 < richness.motion < 0.1


def _rooms(path: Path, colours: Sequence[str]) -> Path:
    """Two seconds of each room, with a white square that moves through it."""
    walls = {"red": (200, 40, 40), "green": (30, 160, 60)}
    dark = {"red": np.s_[150:], "green": np.s_[:, :160]}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(50 * len(colours)):
            colour = colours[number // 50]
            picture = np.full((240, 320, 3), walls[colour], np.uint8)
            picture[dark[colour]] //= 4
            picture[60:120, 3 * number % 260 :][:, :60] = 255
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def test_a_view_that_comes_back_is_one_shot() -> None:
    """Two people shown in turn, a b a b, differ in two shots, with a little noise on each."""
    rng = np.random.default_rng(3)
    views = [np.kron(rng.integers(0, 255, (6, 8, 3)), np.ones((16, 16, 1))).clip(0, 250).astype(np.uint8) for _ in "ab"]
    shots = [(picture_of(view + rng.integers(0, 5, view.shape, dtype=np.uint8)),) for view in views * 2]
    assert count_different(shots) == 2
    assert count_different([]) == 0


def test_hashes_are_alike_if_few_bits_differ() -> None:
    """Of two frames, one lies within 10 bits of a frame of the other video: half, which is enough."""
    one = np.array([0, (1 << 40) - 1], np.uint64)
    other = np.array([(1 << 10) - 1, (1 << 63) - 1, (1 << 64) - 1 - ((1 << 20) - 1)], np.uint64)
    assert alike_share(one, other) == alike_share(other, one) == 0.5
    assert show_the_same(one, other)
    assert not show_the_same(one, other[1:])
    assert not show_the_same(one, other[:0])
