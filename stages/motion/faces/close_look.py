"""Some sampled frames are looked at in their full size, too: small faces in the background are lost in analysis frames.

What is found there and nowhere else is a candidate of the analysis frame that was looked at nearest in time.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from schemas.clip import Frame
from schemas.corners import Corners, shared_area
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.faces.centerface import faces_in
from stages.motion.faces.detect import FaceConfig, FaceSearch, FaceSighting
from stages.visuals.visual import decoded_jpeg


def with_close_looks(
    search: FaceSearch,
    sampled: Sequence[Frame],
    pieces: Sequence[tuple[int, int]],
    analysis: AnalysisFrames,
    config: FaceConfig,
) -> FaceSearch:
    """The search with what the sampled frames show beside it. ValueError if a frame's JPEG cannot be read."""
    seen = dict(search.seen)
    found: dict[bytes, list[tuple[Corners, float]]] = {}  # slides show the same picture several times
    for picture, frame in _pictures(sampled, pieces, list(search.seen), analysis, config):
        if picture.jpeg not in found:
            found[picture.jpeg] = faces_in(decoded_jpeg(picture, "a clip"), config.close_short_side, config.maybe)
        further = [
            (box, score)
            for box, score in found[picture.jpeg]
            if not any(shared_area(box, one.box) > 0 for one in search.seen[frame])
        ]
        seen[frame] = (*seen[frame], *(FaceSighting(frame, box, score) for box, score in further))
    return FaceSearch(seen, search.tracks)


def _pictures(
    sampled: Sequence[Frame],
    pieces: Sequence[tuple[int, int]],
    looked: list[int],
    analysis: AnalysisFrames,
    config: FaceConfig,
) -> Iterator[tuple[Frame, int]]:
    """Sampled frames at least `close_seconds` apart, each with the frame of its shot that was looked at nearest."""
    last = -np.inf
    for picture in sampled:
        pts = picture.pts_seconds
        near = [
            frame
            for first, end in pieces
            if analysis.pts_seconds[first] <= pts <= analysis.pts_seconds[end - 1]
            for frame in looked
            if first <= frame < end
        ]
        if near and pts - last >= config.close_seconds:
            last = pts
            yield picture, min(near, key=lambda frame: abs(analysis.pts_seconds[frame] - pts))
