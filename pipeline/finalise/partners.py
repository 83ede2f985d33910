"""Which videos a video may borrow from: its neighbours in one random order of its split."""

from collections.abc import Iterator, Sequence

from pipeline.finalise.result import KeptVideo
from stages.seeding import rng_for


def with_partners(
    videos: Sequence[KeptVideo], purpose: str, seed: int, count: int
) -> Iterator[tuple[KeptVideo, list[KeptVideo]]]:
    """Each video with at most `count` others of its split, in an order in which each is read about once."""
    for split in sorted({video.split for video in videos}):
        ring = sorted(
            (video for video in videos if video.split is split),
            key=lambda video: float(rng_for(seed, purpose, video.content_sha256).random()),
        )
        for place, video in enumerate(ring):
            yield video, [ring[(place + step) % len(ring)] for step in range(1, min(count + 1, len(ring)))]
