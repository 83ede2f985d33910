"""Every source by its name."""

from difflib import get_close_matches

from pipeline.importers.source import Source
from pipeline.importers.sources.activitynet import ACTIVITYNET
from pipeline.importers.sources.clevrer import CLEVRER
from pipeline.importers.sources.coco import COCO
from pipeline.importers.sources.conversations import LLAVA_HOUND, LLAVA_VIDEO, TPO
from pipeline.importers.sources.finevideo import FINEVIDEO
from pipeline.importers.sources.mot import MOT
from pipeline.importers.sources.msrvtt import MSRVTT
from pipeline.importers.sources.msvd import MSVD
from pipeline.importers.sources.nextqa import NEXTQA
from pipeline.importers.sources.roadtextvqa import ROADTEXTVQA
from pipeline.importers.sources.rrpo import RRPO
from pipeline.importers.sources.star import STAR
from pipeline.importers.sources.tempcompass import TEMPCOMPASS
from pipeline.importers.sources.tomato import TOMATO
from pipeline.importers.sources.trl import TRL
from pipeline.importers.sources.vatex import VATEX
from pipeline.importers.sources.videomme import VIDEOMME
from pipeline.importers.sources.vistadpo import VISTADPO
from pipeline.importers.sources.vitevqa import VITEVQA
from pipeline.importers.sources.youcook2 import YOUCOOK2
from schemas.errors import SourceError

SOURCES = {
    source.name: source
    for source in (
        *(ACTIVITYNET, CLEVRER, FINEVIDEO, LLAVA_HOUND, LLAVA_VIDEO, MSRVTT, MSVD, NEXTQA, ROADTEXTVQA, RRPO, STAR),
        *(TEMPCOMPASS, TOMATO, TPO, TRL, VATEX, VIDEOMME, VISTADPO, VITEVQA, YOUCOOK2, COCO, MOT),
    )
}
"""In the order in which they are listed."""


def source_named(name: str) -> Source:
    """The source of that name. Raises SourceError with those that there are."""
    if name in SOURCES:
        return SOURCES[name]
    near = get_close_matches(name, SOURCES, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise SourceError(f"unknown source {name!r}: {hint}allowed are {', '.join(SOURCES)}")
