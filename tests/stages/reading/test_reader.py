"""Which frames are read, and what of them is laid over a scene; with a reader that sees what a test says."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from schemas.clip import Frame
from schemas.errors import RecipeError
from stages.claims.writing import may_be_mirrored
from stages.drawing.jpeg import jpeg_of
from stages.models.ocr import KnownWriting, OcrLine
from stages.payloads import DecodedClip
from stages.reading import frames as reading_frames
from stages.reading.frames import evenly
from stages.reading.reader import WritingReader
from tests.stages.reading.rendered import header, nothing_known

FRAMES = 32
Prepared = Callable[[Mapping[int, str]], tuple[list[int], WritingReader, DecodedClip]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """Prepare a clip whose frame of number n shows the text `shown[n]`; gives the list of frames that are read."""

    def prepared(shown: Mapping[int, str]) -> tuple[list[int], WritingReader, DecodedClip]:
        looked_at: list[int] = []

        def scripted(frame_HWC: np.ndarray, *_: KnownWriting, **__: object) -> tuple[OcrLine, ...]:
            number = round(float(frame_HWC.mean()) / 7)  # the frames are as bright as their number says
            looked_at.append(number)
            size = np.array([frame_HWC.shape[1], frame_HWC.shape[0]])
            corners = np.array([[0.4, 0.4], [0.6, 0.4], [0.6, 0.5], [0.4, 0.5]]) * size
            return (OcrLine(shown[number], 0.99, corners),) if number in shown else ()

        monkeypatch.setattr(reading_frames, "read_lines", scripted)
        pictures = (np.full((448, 796, 3), 7 * number, np.uint8) for number in range(FRAMES))
        clip_frames = tuple(Frame(pts_seconds=i / 4, jpeg=jpeg_of(p, 95)) for i, p in enumerate(pictures))
        return looked_at, WritingReader(), DecodedClip(header(), clip_frames, ())

    return prepared


def test_a_clip_without_lines_is_read_in_sixteen_frames(read: Prepared) -> None:
    """Fewer are too few to say that nothing is written."""
    looked_at, reader, clip = read({})
    scene = reader.lay_over(nothing_known(), clip)
    assert sorted(looked_at) == evenly(FRAMES, 16)
    assert [frame.pts_seconds for frame in scene.searched[0].frames] == [n / 4 for n in evenly(FRAMES, 16)]
    assert may_be_mirrored(scene)


def test_one_word_makes_every_frame_read(read: Prepared) -> None:
    """A single frame of the sixteen is enough."""
    for number in evenly(FRAMES, 16)[:2]:
        looked_at, reader, clip = read({number: "mail"})
        scene = reader.lay_over(nothing_known(), clip)
        assert sorted(looked_at) == list(range(FRAMES))
        assert not may_be_mirrored(scene)


def test_writing_without_a_word_does_not(read: Prepared) -> None:
    """Nothing of it can be asked about; the picture may not be mirrored nevertheless."""
    looked_at, reader, clip = read(dict.fromkeys(range(FRAMES), "12:34 abc"))
    scene = reader.lay_over(nothing_known(), clip)
    assert sorted(looked_at) == evenly(FRAMES, 16)
    assert not may_be_mirrored(scene)


def test_promising_lines_are_read_again_and_become_tracks(read: Prepared) -> None:
    """Six of the enlarged frames; the track has its text, its phrase and a box for each frame that shows it."""
    looked_at, reader, clip = read(dict.fromkeys(range(4, 20), "Mail"))
    scene = reader.lay_over(nothing_known(), clip)
    assert len(looked_at) == FRAMES + 6
    [track] = scene.tracks
    assert (track.label, track.source, track.text, track.phrase) == ("writing", "reading", "Mail", 'the word "Mail"')
    assert [box.frame_index for box in track.boxes] == list(range(4, 20))
    assert (track.first_seconds, track.last_seconds, track.moves) == (1.0, 4.75, False)
    named = {c.track_id for frame in scene.searched[0].frames for c in frame.candidates}
    assert named == {track.track_id}


def test_a_word_in_a_longer_line_has_no_phrase(read: Prepared) -> None:
    """Only the line's box is known, not the word's."""
    _, reader, clip = read(dict.fromkeys(range(FRAMES), "Mail server"))
    [track] = reader.lay_over(nothing_known(), clip).tracks
    assert track.phrase is None


def test_enabled_by_default_where_the_packages_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided says so; asking for what is not installed is one line."""
    assert WritingReader().as_installed().enabled is True
    assert WritingReader(enabled=False).as_installed().packages() == ()
    WritingReader().as_installed().check()
    monkeypatch.setattr("stages.reading.reader.versions", lambda: None)
    assert WritingReader().as_installed().enabled is False
    WritingReader().check()
    with pytest.raises(RecipeError, match=r"ground\.reading\.enabled=true needs rapidocr, onnxruntime"):
        WritingReader(enabled=True).check()


def test_frames_are_taken_evenly() -> None:
    """The middles of equal runs; all if there are no more."""
    assert evenly(32, 8) == [2, 6, 10, 14, 18, 22, 26, 30]
    assert evenly(5, 8) == [0, 1, 2, 3, 4]
