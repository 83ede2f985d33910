"""Videos that show the same are found by their stored frames."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from pipeline.audit.looks import VideoLook, read_looks, video_repeats
from pipeline.dataset.finished_set import FinishedSet
from pipeline.importers.prints import alike_share, alike_videos, picture_prints
from schemas.clip import Clip, Frame
from schemas.errors import DatasetError
from tests.finished import Whole, store


def picture(seed: int) -> Image.Image:
    """A picture with a texture of its own."""
    coarse = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)


def jpeg(of: Image.Image, quality: int = 90) -> bytes:
    """The picture as it is stored."""
    stream = io.BytesIO()
    of.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def copied(of: Image.Image) -> Image.Image:
    """Half as large, brighter and badly compressed, as a copy on the web is."""
    small = ImageEnhance.Brightness(of.resize((160, 120))).enhance(1.2)
    return Image.open(io.BytesIO(jpeg(small, 25)))


def look(name: str, pictures: list[Image.Image], split: str = "train") -> VideoLook:
    """A video of such frames."""
    return VideoLook(
        name, f"folder/{name}.mp4", frozenset({split}), picture_prints(one.convert("L") for one in pictures)
    )


def test_copies_are_found_and_those_across_splits_come_first() -> None:
    """B is a part of a, copied, d is a copy of c in another split, e is alone, and f shows nothing at all."""
    a, c = [picture(n) for n in range(8)], [picture(n) for n in range(20, 24)]
    looks = [
        look("a", a),
        look("b", [copied(one) for one in a[2:5]]),
        look("c", c),
        look("d", [copied(one) for one in c], "validation"),
        look("e", [picture(n) for n in range(40, 44)]),
        look("f", [Image.new("L", (320, 240), 90)] * 4),
    ]
    found = video_repeats(looks)
    assert (found.videos, found.alike, found.across_splits) == (6, 2, 1)
    assert [(one.first, one.second, one.across_splits) for one in found.examples] == [
        ("c.mp4", "d.mp4", True),
        ("a.mp4", "b.mp4", False),
    ]


def test_all_at_once_says_what_two_at_a_time_say() -> None:
    """The share of every two videos is that of `alike_share`, whichever of them has fewer frames."""
    rng = np.random.default_rng(0)
    prints = [rng.integers(0, 4, size, dtype=np.uint64) for size in (5, 0, 3, 8)]
    found = {(one, other): share for one, other, share in alike_videos(prints)}
    assert found == {
        (a, b): alike_share(prints[a], prints[b]) for a in range(4) for b in range(a + 1, 4) if a != 1 != b
    }


def test_frames_are_read_from_the_set(whole: Whole, tmp_path: Path) -> None:
    """Two of the set's videos get the same pictures, all others others; only those that are asked for are read."""
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    drawn = [[jpeg(picture(8 * max(place, 1) + n)) for n in range(8)] for place in range(len(whole.clips))]
    clips = [_with(clip, frames) for clip, frames in zip(whole.clips, drawn, strict=True)]
    store(tmp_path / "ds", pairs, clips, [], questions=len({pair.group_id for pair in pairs}))
    opened = FinishedSet.open(str(tmp_path / "ds"))
    every = {clip.video_id for clip in clips}
    assert video_repeats(read_looks(opened, every)).alike == 1
    assert {one.video_id for one in read_looks(opened, sorted(every)[:1])} == set(sorted(every)[:1])


def test_a_frame_that_is_no_picture_is_one_line(whole: Whole, tmp_path: Path) -> None:
    """The video is named."""
    clips = [_with(whole.clips[0], [b"no picture"] * 8)]
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs() if pair.clip_id == clips[0].clip_id]
    store(tmp_path / "ds", pairs, clips, [], questions=len({pair.group_id for pair in pairs}))
    with pytest.raises(DatasetError, match=f"video {clips[0].video_id}: a stored frame cannot be read"):
        read_looks(FinishedSet.open(str(tmp_path / "ds")), {clips[0].video_id})


def _with(clip: Clip, jpegs: list[bytes]) -> Clip:
    frames = tuple(Frame(pts_seconds=old.pts_seconds, jpeg=new) for old, new in zip(clip.frames, jpegs, strict=False))
    return clip.model_copy(update={"frames": frames})
