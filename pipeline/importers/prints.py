"""Perceptual hashes of frames, and whether two videos show the same."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stages.decode import decode_frames

_SECONDS = 0.5  # between two frames, in videos of middling length
_LEAST_FRAMES, _MOST_FRAMES = 24, 96
_SHORT_SIDE = 128  # pixels
_LEAST_CONTRAST = 8.0  # standard deviation of brightness, 0..255; the hash of a plain picture is that of its noise
_NEAR_BITS = 10  # of 64
_LEAST_SHARE = 0.3
"""Of 11 real clips, each beside a copy that was cut, shrunk, brightened and badly compressed, the least alike share was
0.42, and 0 between different clips; of 11 others 0.58, and 0."""


def frame_prints(path: Path, duration_seconds: float) -> NDArray[np.uint64]:
    """The hashes of evenly spread frames, without those that show next to nothing. Raises UnusableVideo."""
    count = int(np.clip(duration_seconds / _SECONDS, _LEAST_FRAMES, _MOST_FRAMES))
    frames_NHWC = decode_frames(path, num_frames=count, short_side=_SHORT_SIDE).frames_NHWC
    return picture_prints([Image.fromarray(frame).convert("L") for frame in frames_NHWC])


def picture_prints(pictures: Iterable[Image.Image]) -> NDArray[np.uint64]:
    """The hashes of grey pictures, without those that show next to nothing.

    A hash has 64 bits (imagehash.phash): the signs of the picture's coarsest 8 x 8 frequencies.
    """
    shown = [picture for picture in pictures if np.asarray(picture).std() >= _LEAST_CONTRAST]
    bits_NB = np.array([imagehash.phash(picture).hash.ravel() for picture in shown], bool).reshape(-1, 64)
    return np.packbits(bits_NB, axis=1).view(np.uint64).ravel()


def alike_share(one_N: NDArray[np.uint64], other_N: NDArray[np.uint64]) -> float:
    """The share of the frames of one video, of that with fewer, that have a near one in the other; 0 if it has none."""
    if not len(one_N) or not len(other_N):
        return 0.0
    near = np.bitwise_count(one_N[:, None] ^ other_N[None, :]) <= _NEAR_BITS
    few = near if len(one_N) <= len(other_N) else near.T
    return float(few.any(axis=1).mean())


def show_the_same(one_N: NDArray[np.uint64], other_N: NDArray[np.uint64]) -> bool:
    """Whether the videos show the same, or one of them a part of the other, changed as copies on the web are."""
    return alike_share(one_N, other_N) >= _LEAST_SHARE


def alike_videos(prints: Sequence[NDArray[np.uint64]]) -> Iterator[tuple[int, int, float]]:
    """Every two of some videos that show the same, by their numbers, with the share of frames that are alike.

    One video at a time is compared with all that come after it, so that memory does not grow with their number.
    """
    lengths = np.array([len(one_N) for one_N in prints])
    for number, one_N in enumerate(prints):
        after = number + 1 + np.flatnonzero(lengths[number + 1 :])
        if not len(one_N) or not len(after):
            continue
        others_N = np.concatenate(prints[number + 1 :])
        near = np.bitwise_count(one_N[:, None] ^ others_N[None, :]) <= _NEAR_BITS
        starts = np.concatenate([[0], np.cumsum(lengths[after])[:-1]])
        of_one = np.logical_or.reduceat(near, starts, axis=1).mean(axis=0)
        of_others = np.add.reduceat(near.any(axis=0), starts, dtype=np.int64) / lengths[after]
        shares = np.where(len(one_N) <= lengths[after], of_one, of_others)
        yield from ((number, int(other), float(s)) for other, s in zip(after, shares, strict=True) if s >= _LEAST_SHARE)
