"""Clips in which the camera pans, each over a view of its own, and a small set of questions about planted edits."""

from pathlib import Path

from pipeline.dataset.finished_set import FinishedSet
from pipeline.finalise.result import pairs_of
from schemas.clip import Clip, UnitClip
from schemas.pair import Pair
from schemas.shown import EditKind
from schemas.video import Split, VideoRef
from stages.claims.proof import ClipProver, ProofConfig
from stages.planted.writer import PlantedWriter
from stages.seeding import rng_for
from tests.finished import store
from tests.stages.visuals.footage import FRAMES, WIDTH, clip_of, view

WRITER = PlantedWriter(share=1.0, kinds=(EditKind.MIRRORED,), reorder=False, swap=False, max_questions=1)


def panning(seed: int) -> UnitClip:
    """The camera pans over a view of its own."""
    wide = view(seed)
    return clip_of([wide[:, 2 * place : 2 * place + WIDTH] for place in range(FRAMES)], f"clip{seed}")


CLIPS = [panning(seed) for seed in range(20)]


def planted_set(folder: Path, videos: int, stored: int | None = None) -> tuple[FinishedSet, list[Pair]]:
    """A set of one question about each of the first clips, of which only the first `stored` are in it."""
    pairs: list[Pair] = []
    for number, clip in enumerate(CLIPS[:videos]):
        ref = VideoRef(uri=f"{number}.mp4")
        for offered in WRITER.write(clip, ClipProver(clip, ProofConfig()), rng_for(0, "tests", str(number))):
            for group in offered if isinstance(offered, tuple) else ():
                pairs += pairs_of(group, f"v{number}", ref, Split.TRAIN)
    clips = [Clip(video_id=f"v{i}", uri=f"{i}.mp4", **dict(clip)) for i, clip in enumerate(CLIPS[:videos])]
    store(folder, pairs, clips[:stored], [], questions=len({pair.group_id for pair in pairs}))
    return FinishedSet.open(str(folder)), pairs
