"""A build: videos become a finished set, whatever part of it was done before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.chain import Chain
from pipeline.dataset.write import compact
from pipeline.engine.failure_ceiling import TRANSIENT
from pipeline.engine.progress import Progress
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.settings import Engine
from pipeline.engine.video_task import Report
from pipeline.finalise.settings import FinaliseConfig
from pipeline.inputs.contents import Video, read_contents
from pipeline.inputs.videos import Inputs, find_videos
from pipeline.recipes.identity import Identity
from pipeline.storage.location import Location
from pipeline.work.folder import WorkFolder, open_work_folder
from pipeline.work.units import Units
from schemas.counted import counted
from schemas.dataset import DatasetManifest

Runner = Callable[[RunSpec, Sequence[Video], Callable[[Report], None]], None]
"""Takes videos through all steps and tells what each step did: `run_locally` or `run_on_ray`."""


@dataclass(frozen=True)
class BuildRequest:
    """What one build is asked for."""

    videos: str
    out: str
    chain: Chain
    finalise: FinaliseConfig
    identity: Identity
    engine: Engine
    limit: int | None = None
    """Take only the first so many videos, in order of uri."""
    retry_drops: bool = False
    """Make units again that were dropped for a reason of `TRANSIENT`."""


def build(request: BuildRequest, run: Runner, progress: Progress) -> DatasetManifest:
    """Make what is missing, then the set. Raises UserError, CapError where too many videos fail, or
    StageBugError where a stage failed as none should.
    """
    inputs = find_videos(request.videos).first(request.limit)
    with open_work_folder(Location.parse(request.out), request.identity) as work:
        return _built(request, inputs, work, run, progress)


def _built(request: BuildRequest, inputs: Inputs, work: WorkFolder, run: Runner, progress: Progress) -> DatasetManifest:
    videos, others = counted(len(inputs.sources), "video"), counted(inputs.ignored_files, "other file")
    progress.say(f"{videos} in {request.videos}, {others} ignored")
    contents = read_contents(inputs.sources, work.hash_cache())
    if request.retry_drops:
        _discard_retried(work.units, contents.videos)
    done = work.units.committed()
    waiting = [video for video in contents.videos if video.content_sha256 not in done]
    with progress.of(len(waiting), already_done=len(contents.videos) - len(waiting)):
        run(RunSpec(request.chain, work.units, request.engine), waiting, progress.add)
    progress.say("selecting over the whole set and writing it")
    return compact(work, contents, inputs.ignored_files, request.finalise)


def _discard_retried(units: Units, videos: Sequence[Video]) -> None:
    done = units.committed()
    for video in videos:
        if video.content_sha256 in done:
            drops = units.offer(video.content_sha256).drops
            if any(drop.reason in TRANSIENT for drop in drops):
                units.discard(video.content_sha256)
