"""What `vidpref import` is asked for."""

import os
from dataclasses import dataclass

from schemas.video import Split


@dataclass(frozen=True)
class ImportOptions:
    """The arguments and options of the command."""

    source: str
    """Name of the source."""
    files: tuple[str, ...]
    """Its files."""
    out: str
    """Where the manifest goes; the list of what is left out goes beside it."""
    videos: str | None = None
    """The folder of the videos; None if they are not at hand."""
    keep_missing: bool = False
    """Whether videos stay whose file is not found."""
    split: Split | None = None
    """The split of all videos; None for that of the source."""
    licence: str | None = None
    """The licence of all videos."""
    exclude: tuple[str, ...] = ()
    """Texts of ids, manifests, and folders of videos that must stay out."""
    min_shots: int | None = None
    """Fewest shots that differ."""
    min_motion: float | None = None
    """Least motion, 0..1. If both are given, one is enough."""
    complete: tuple[str, ...] = ()
    """Nouns of which the boxes show every thing."""
    trust_models: bool = False
    """Whether what models wrote counts as certain."""
    workers: int | None = None
    """Files that are looked at at a time; None for one per CPU."""
    as_json: bool = False
    """Whether the account is printed as JSON."""

    @property
    def looked_at_once(self) -> int:
        """Files that are looked at at a time."""
        return self.workers or len(os.sched_getaffinity(0))

    @property
    def asks_for_richness(self) -> bool:
        """Whether videos are chosen by shots or motion."""
        return self.min_shots is not None or self.min_motion is not None
