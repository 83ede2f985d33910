"""Which stream of a file is the video, and that no file but the one given is read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from schemas.drop import DropReason
from stages.decode import decode_frames
from tests.odd_videos import BLUE, HEIGHT, WIDTH, Counted, dropped, every_frame, ffmpeg, number_of, write
from tests.shared import NEEDS_SHARED, shared

pytestmark = [pytest.mark.video, pytest.mark.process]


def with_cover(folder: Path, video: Path) -> Path:
    """An MP4 whose first stream is a large cover picture."""
    ffmpeg("-f", "lavfi", "-i", "color=c=green:s=300x300", "-frames:v", "1", str(folder / "cover.png"))
    streams = ("-i", str(folder / "cover.png"), "-i", str(video), "-map", "0", "-map", "1", "-c", "copy")
    ffmpeg(*streams, "-disposition:v:0", "attached_pic", str(folder / "cover.mp4"))
    return folder / "cover.mp4"


def with_still(folder: Path, video: Path) -> Path:
    """A Matroska file whose first and largest stream is a single picture, not marked as a still."""
    ffmpeg("-f", "lavfi", "-i", "color=c=green:s=300x300", "-frames:v", "1", str(folder / "still.png"))
    streams = ("-i", str(folder / "still.png"), "-i", str(video), "-map", "0", "-map", "1", "-c", "copy")
    ffmpeg(*streams, "-disposition:v:0", "0", "-disposition:v:1", "0", str(folder / "still.mkv"))
    return folder / "still.mkv"


def with_preview(folder: Path, video: Path, name: str, *dispositions: str) -> Path:
    """A file whose first stream is a small preview of another colour."""
    preview = write(folder / "preview.mp4", Counted(colour=BLUE, width=64, height=48))
    ffmpeg(
        "-i", str(preview), "-i", str(video), "-map", "0", "-map", "1", "-c", "copy", *dispositions, str(folder / name)
    )
    return folder / name


def default_second(folder: Path, video: Path) -> Path:
    return with_preview(folder, video, "two.mkv", "-disposition:v:0", "0", "-disposition:v:1", "default")


def default_second_mp4(folder: Path, video: Path) -> Path:
    return with_preview(folder, video, "two.mp4", "-disposition:v:0", "0", "-disposition:v:1", "default")


def none_default(folder: Path, video: Path) -> Path:
    return with_preview(folder, video, "two.mkv", "-disposition:v:0", "0", "-disposition:v:1", "0")


def transport_stream(folder: Path, video: Path) -> Path:
    return with_preview(folder, video, "two.ts")


@pytest.mark.parametrize(
    "made", [with_cover, with_still, default_second, default_second_mp4, none_default, transport_stream]
)
def test_the_film_is_chosen(made: Callable[[Path, Path], Path], tmp_path: Path) -> None:
    """Covers, stills and previews before the film are passed over: its 50 pictures come in its size."""
    _, frames_NHWC = every_frame(made(tmp_path, write(tmp_path / "film.mp4", Counted())))
    assert frames_NHWC.shape == (50, HEIGHT, WIDTH, 3)
    assert [number_of(frame) for frame in frames_NHWC] == list(range(50))


def test_the_first_of_several_default_tracks_is_chosen(tmp_path: Path) -> None:
    """A small film marked as default goes before a larger one that is not."""
    film = write(tmp_path / "film.mp4", Counted())
    path = with_preview(tmp_path, film, "two.mkv", "-disposition:v:0", "default", "-disposition:v:1", "0")
    assert decode_frames(path, num_frames=1).frames_NHWC.shape[1:3] == (48, 64)


def test_a_song_with_a_cover_has_no_video(tmp_path: Path) -> None:
    """Its only picture is attached, so it is dropped for having no video stream."""
    ffmpeg("-f", "lavfi", "-i", "color=c=green:s=300x300", "-frames:v", "1", str(tmp_path / "cover.png"))
    inputs = ("-f", "lavfi", "-i", "sine=d=3", "-i", str(tmp_path / "cover.png"), "-map", "0", "-map", "1")
    ffmpeg(*inputs, "-c:v", "copy", "-disposition:v:0", "attached_pic", str(tmp_path / "song.m4a"))
    assert dropped(tmp_path / "song.m4a").reason is DropReason.NO_VIDEO_STREAM


TEXTS = {
    "ffconcat": "ffconcat version 1.0\nfile film.mp4\n",
    "concat": "file 'film.mp4'\n",
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfilm.ts\n#EXT-X-ENDLIST\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "mpd": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT3S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
    "<BaseURL>film.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>\n",
    "asx": '<asx version="3.0"><entry><ref href="film.mp4"/></entry></asx>\n',
    "pls": "[playlist]\nFile1=film.mp4\nNumberOfEntries=1\n",
}
"""Texts that name another file."""


@pytest.fixture(scope="module")
def film_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a video under the names that the texts give."""
    folder = tmp_path_factory.mktemp("beside")
    write(folder / "film.mp4", Counted())
    write(folder / "film.ts", Counted())
    return folder


@pytest.mark.parametrize("suffix", [".mp4", ""])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_names_a_video_beside_it_is_no_video(name: str, suffix: str, film_folder: Path) -> None:
    """Whether the text is called a video or what it is, and although the video is there, it is undecodable."""
    path = film_folder / f"list{suffix or '.' + name}"
    path.write_text(TEXTS[name])
    assert dropped(path).reason is DropReason.UNDECODABLE


@NEEDS_SHARED
def test_case_a_cover_before_the_video() -> None:
    """100 pictures of 320 x 240."""
    assert every_frame(shared("cases", "cover_first.mp4"))[1].shape == (100, 240, 320, 3)


@NEEDS_SHARED
def test_case_a_preview_before_the_video() -> None:
    """320 x 240, with a square that is red."""
    _, frames_NHWC = every_frame(shared("cases", "preview_first.mkv"))
    assert frames_NHWC.shape[1:3] == (240, 320)
    red, green, blue = (frames_NHWC[50, ..., channel].astype(int) for channel in range(3))
    assert (red - np.maximum(green, blue)).max() > 100
    assert (blue - red).max() < 40


@NEEDS_SHARED
def test_case_a_script_that_names_a_file() -> None:
    """A text of 42 bytes is not a video."""
    assert dropped(shared("cases", "concat_script", "script.mp4")).reason is DropReason.UNDECODABLE
