"""Which videos of a set are those of a benchmark: by their ids, and by what they look like."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from pipeline.audit.looks import VideoLook
from pipeline.importers.exclusions import Exclusions
from schemas.record import Record


class FoundBy(StrEnum):
    """How a video was found to be one of a benchmark."""

    ID = "id"
    LOOKS = "looks"


class Contaminant(Record):
    """A video of the set that a benchmark has, too."""

    video: str
    """Its file or id, as the set names it."""
    benchmark: str
    """What the benchmark calls it."""
    by: FoundBy


class Contamination(Record):
    """What a set has in common with benchmarks."""

    benchmarks: tuple[str, ...]
    """Lists of ids, manifests and folders that it was compared with."""
    ids: int = Field(ge=0)
    """Ids of all of them."""
    looked_at: int = Field(ge=0)
    """Their videos that were compared by looks; 0 if no folder was given."""
    unreadable: int = Field(ge=0)
    """Their videos that could not be read, and so were compared by id alone."""
    pairs: int = Field(ge=0)
    """Pairs of the set about videos that they have."""
    found: tuple[Contaminant, ...]
    """These videos."""


@dataclass(frozen=True)
class NamedPairs:
    """A video of a set: what it is called, and how many pairs are about it."""

    names: tuple[str, ...]
    """Its file first, then its id."""
    pairs: int


def contamination(
    places: Sequence[str], benchmarks: Exclusions, videos: Mapping[str, NamedPairs], looks: Iterable[VideoLook]
) -> Contamination:
    """Compare a set with benchmarks.

    Args:
        places: where the benchmarks are, as they were given.
        benchmarks: what they hold.
        videos: all videos of the set, by id.
        looks: what its videos show; none if that is not known.
    """
    by_id = dict(_by_id(benchmarks, videos))
    by_looks = dict(_by_looks(benchmarks, looks, by_id))
    found = by_id | by_looks
    return Contamination(
        benchmarks=tuple(places),
        ids=len(benchmarks.ids),
        looked_at=len(benchmarks.prints),
        unreadable=benchmarks.unreadable,
        pairs=sum(videos[video_id].pairs for video_id in found),
        found=tuple(
            Contaminant(video=videos[video_id].names[0], benchmark=name, by=by)
            for video_id, (name, by) in sorted(found.items())
        ),
    )


def _by_id(benchmarks: Exclusions, videos: Mapping[str, NamedPairs]) -> Iterator[tuple[str, tuple[str, FoundBy]]]:
    for video_id, video in videos.items():
        if (name := benchmarks.has_id(video.names)) is not None:
            yield video_id, (name, FoundBy.ID)


def _by_looks(
    benchmarks: Exclusions, looks: Iterable[VideoLook], known: Collection[str]
) -> Iterator[tuple[str, tuple[str, FoundBy]]]:
    for look in looks:
        if look.video_id not in known and (name := benchmarks.looks_like(look.prints_N)) is not None:
            yield look.video_id, (name, FoundBy.LOOKS)
