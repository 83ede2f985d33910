"""Which videos of a source go into the manifest, and what is said of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from rich.console import Console
from rich.progress import track

from pipeline.importers.exclusions import Exclusions
from pipeline.importers.fit import Fitting
from pipeline.importers.gather import Gathered
from pipeline.importers.item import FoundBox, FoundEvent
from pipeline.importers.left_out import ImportReason, Unfit
from pipeline.importers.look import Looked, Wanted, look_at_all
from pipeline.importers.media import MediaFolder, stem
from pipeline.importers.options import ImportOptions
from pipeline.importers.source import Source
from pipeline.importers.tally import ImportTally
from schemas.annotations import Annotations
from schemas.counted import counted
from schemas.video import Split, VideoRef
from stages.video.unusable import UnusableVideo


@dataclass(frozen=True)
class Chooser:
    """Decides over each video; what it leaves out is counted in the tally."""

    console: Console
    source: Source
    options: ImportOptions
    media: MediaFolder | None
    exclusions: Exclusions
    tally: ImportTally

    def chosen(self, videos: Sequence[Gathered]) -> Iterator[VideoRef]:
        """The lines of the manifest, in the order of the videos."""
        for gathered in videos:
            self.tally.see(gathered)
        left = [gathered for gathered in videos if not self._is_excluded_by_id(gathered)]
        with_files = list(self._with_files(left))
        for (gathered, file), looked in zip(with_files, self._looked(with_files), strict=True):
            if isinstance(looked, UnusableVideo):
                self.tally.leave_out_video(gathered, ImportReason.CANNOT_BE_READ, looked.reason.value)
            elif looked is None or self._may_stay(gathered, looked):
                yield self._line(gathered, file, looked)

    def _is_excluded_by_id(self, gathered: Gathered) -> bool:
        name = self.exclusions.has_id((gathered.video.id, gathered.video.file))
        if name is not None:
            self.tally.leave_out_video(gathered, ImportReason.EXCLUDED_BY_ID, name)
        return name is not None

    def _with_files(self, videos: Sequence[Gathered]) -> Iterator[tuple[Gathered, str | None]]:
        """Each video with its file below the folder; null if there is none and the video stays all the same."""
        if self.media is None:
            yield from zip(videos, repeat(None))
            return
        found = self.media.found(gathered.video for gathered in videos)
        users: dict[str, str] = {}
        for gathered in videos:
            file = found[gathered.video.id]
            if isinstance(file, ImportReason):
                if file is ImportReason.NO_FILE and self.options.keep_missing:
                    yield gathered, None
                else:
                    self.tally.leave_out_video(gathered, file, gathered.video.file)
            elif (other := users.setdefault(file, gathered.video.id)) != gathered.video.id:
                self.tally.leave_out_video(gathered, ImportReason.SAME_FILE, f"{file} is that of {other}")
            else:
                yield gathered, file

    def _looked(self, videos: Sequence[tuple[Gathered, str | None]]) -> Iterator[Looked | UnusableVideo | None]:
        """What each file shows; null where there is none, or nothing has to be known of it."""
        wanted = Wanted(prints=bool(self.exclusions.prints), richness=self.options.asks_for_richness)
        is_looked_at = [
            file is not None and (wanted.prints or wanted.richness or _has_times(gathered)) for gathered, file in videos
        ]
        folder = self.media.path if self.media is not None else Path()
        paths = [folder / file for (_, file), is_one in zip(videos, is_looked_at, strict=True) if is_one and file]
        shown = iter(self._with_progress(look_at_all(paths, wanted, self.options.looked_at_once), len(paths)))
        for is_one in is_looked_at:
            yield next(shown) if is_one else None

    def _with_progress(self, results: Iterator[Looked | UnusableVideo], total: int) -> Iterable[Looked | UnusableVideo]:
        is_shown = self.console.is_terminal and not self.options.as_json and total > 0
        return track(results, "looking at videos", total, console=self.console, disable=not is_shown)

    def _may_stay(self, gathered: Gathered, looked: Looked) -> bool:
        alike = self.exclusions.looks_like(looked.prints_N)
        if alike is not None:
            self.tally.leave_out_video(gathered, ImportReason.EXCLUDED_BY_LOOKS, alike)
            return False
        reason, detail = self._too_poor(looked)
        if reason is not None:
            self.tally.leave_out_video(gathered, reason, detail)
        return reason is None

    def _too_poor(self, looked: Looked) -> tuple[ImportReason | None, str]:
        """Why there is too little time in a video, and what was measured; if both are asked for, one is enough."""
        rich, shots, motion = looked.richness, self.options.min_shots, self.options.min_motion
        if rich is None:
            return None, ""
        has_shots = shots is not None and rich.shots >= shots
        has_motion = motion is not None and rich.motion >= motion
        if has_shots or has_motion:
            return None, ""
        measured = f"{counted(rich.shots, 'shot')}, motion {rich.motion:.4f}"
        return (ImportReason.FEW_SHOTS if motion is None else ImportReason.LITTLE_MOTION), measured

    def _line(self, gathered: Gathered, file: str | None, looked: Looked | None) -> VideoRef:
        video = gathered.video
        benchmark = Split.TEST if self.source.is_benchmark else None
        return VideoRef(
            uri=self._uri(file or _as_file(video.file)),
            id=video.id,
            source=self.source.title,
            split=self.options.split or benchmark or video.split,
            licence=self.options.licence or video.licence or self.source.licence,
            annotations=self._annotations(gathered, looked),
        )

    def _annotations(self, gathered: Gathered, looked: Looked | None) -> Annotations | None:
        certain = self.options.trust_models or not self.source.is_by_model
        fitting = Fitting(gathered.video, looked, self.source.loose_seconds, certain)
        for said in gathered.said:
            try:
                is_certain = fitting.take(said.found)
            except Unfit as unfit:
                self.tally.leave_out(gathered, said, unfit.reason, unfit.detail)
            else:
                self.tally.keep(said, certain=is_certain)
        self.tally.keep_video()
        return fitting.annotations(self.options.complete)

    def _uri(self, file: str) -> str:
        """Relative to the manifest if the videos lie in its folder, else absolute."""
        if self.media is None:
            return file
        path, beside = self.media.path / file, Path(self.options.out).absolute().parent
        return str(path.relative_to(beside) if path.is_relative_to(beside) else path)


def _has_times(gathered: Gathered) -> bool:
    """Whether something is said of moments of the video."""
    found = [said.found for said in gathered.said]
    return any(isinstance(one, FoundEvent) or (isinstance(one, FoundBox) and one.moment is not None) for one in found)


def _as_file(name: str) -> str:
    """The name with an extension: that of most videos, if it has none."""
    return name if stem(name) != name else f"{name}.mp4"
