"""All questions about one video become rows and media files."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.export.format import ExportFormat
from pipeline.export.left_out import LeftOutError, LeftOutPair, LeftOutReason
from pipeline.export.media import ClipMedia, MediaSettings
from pipeline.export.question import ExportQuestion, StoredNegative
from pipeline.export.row import ExportRow, Unmade
from pipeline.export.times import refuse_other_times
from schemas.clip import Clip
from schemas.counted import counted
from schemas.errors import DamagedClipError
from schemas.pair import Pair
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualNegative
from stages.visuals.seen import evenly
from trainer.data.clip_cache import ClipCache
from trainer.data.shards import ClipPlace
from trainer.data.shown_frames import vanished


@dataclass
class VideoRows:
    """What becomes of the questions about one video."""

    rows: list[ExportRow] = field(default_factory=list)
    left_out: list[LeftOutPair] = field(default_factory=list)
    visuals: int = 0
    """Visuals that were written, those of negatives included."""
    unmade: Counter[tuple[str, LeftOutReason]] = field(default_factory=Counter)
    """Further questions that were not made, by kind and reason."""
    negatives: Counter[LeftOutReason | None] = field(default_factory=Counter)
    """Visual negatives: None for those that are in a row, else why they are not."""


@dataclass(frozen=True)
class VideoExporter:
    """Makes the rows of one video after the other; several threads may use it."""

    clips: ClipCache
    places: Mapping[str, ClipPlace]
    """What is known of each clip without reading it."""
    target: ExportFormat
    media: MediaSettings

    def export(self, pairs: Sequence[Pair]) -> VideoRows:
        """The rows of the questions about one video. DatasetError if the set cannot be read."""
        prefix = f"{pairs[0].split.value}/" if pairs and self.target.folder_per_split else ""
        families: dict[str, dict[str, list[Pair]]] = defaultdict(lambda: defaultdict(list))
        for pair in pairs:
            families[pair.twin_of or pair.group_id][pair.group_id].append(pair)
        found, media = VideoRows(), ClipMedia(self.media, prefix)
        for groups in sorted(families.values(), key=_clip_id):
            self._export_family(list(groups.values()), media, found)
        found.visuals = media.count
        return found

    def _export_family(self, groups: Sequence[Sequence[Pair]], media: ClipMedia, found: VideoRows) -> None:
        """A question and its twins: all of them, or none."""
        questions, refused = [], dict[str, LeftOutError]()
        for pairs in groups:
            try:
                questions.append(self._question(pairs, media))
            except LeftOutError as error:
                refused[pairs[0].group_id] = error
        rows = []
        for question in questions if not refused else ():
            try:
                rows.append((question, list(self.target.rows(question))))
            except LeftOutError as error:
                refused[question.first.group_id] = error
        if refused:
            found.left_out += (_left_out(pair, refused) for pairs in groups for pair in pairs)
            return
        for question, made in rows:
            found.rows += (row for row in made if isinstance(row, ExportRow))
            found.unmade.update((row.kind, row.reason) for row in made if isinstance(row, Unmade))
            self._count_negatives(question, found)

    def _question(self, pairs: Sequence[Pair], media: ClipMedia) -> ExportQuestion:
        first = pairs[0]
        try:
            clip = self.clips.clip(first.clip_id, with_segments=self._shows_segments(first))
            swapped = first.shown.other_clip_id
            other = None if swapped is None else self.clips.clip(swapped, with_segments=False)
            self._refuse_unseen(pairs)
            refuse_other_times(pairs, media.seconds(clip, first.shown, other), self.target)
            visual = media.visual(clip, first.shown, other)
        except LeftOutError:
            raise
        except (DamagedClipError, ValueError, KeyError) as error:
            raise LeftOutError(LeftOutReason.DAMAGED, str(error)) from error

        def negative(spec: VisualNegative) -> StoredNegative:
            return self._negative(media, clip, first.shown, spec, other)

        return ExportQuestion(tuple(pairs), clip, visual, negative)

    def _refuse_unseen(self, pairs: Sequence[Pair]) -> None:
        """Raise LeftOutError if the frames that are shown miss a moment of the evidence, as in training."""
        place, wanted = self.places[pairs[0].clip_id], self.media.num_frames
        if wanted is None or pairs[0].shown.segment_id is not None:
            return  # a stretch that is shown alone is evidence from its first frame to its last
        shown = evenly(len(place.pts_seconds), wanted)
        if missing := max(vanished(pair.evidence.frame_indices, shown, place.shots) for pair in pairs):
            raise LeftOutError(LeftOutReason.EVIDENCE_MISSING, counted(missing, "moment"))

    def _negative(
        self, media: ClipMedia, clip: Clip, shown: Shown, spec: VisualNegative, other: Clip | None
    ) -> StoredNegative:
        try:
            borrowed = spec.other_clip_id
            lent = None if borrowed is None else self.clips.clip(borrowed, with_segments=spec.segment_id is not None)
            return media.negative(clip, shown, spec, other, lent)
        except (DamagedClipError, ValueError, KeyError) as error:
            raise LeftOutError(LeftOutReason.DAMAGED, str(error)) from error

    def _shows_segments(self, pair: Pair) -> bool:
        # a slowed stretch is shown with the segment that stores it more densely
        slowed = any(edit.kind is EditKind.SLOWED for edit in pair.shown.edits)
        return self.target.uses_negatives or slowed or pair.shown.segment_id is not None

    def _count_negatives(self, question: ExportQuestion, found: VideoRows) -> None:
        given = question.first.visual_negatives
        used = self.target.used_negatives(question) if self.target.uses_negatives else ()
        found.negatives[None] += len(used)
        levels = {negative.level for negative in used}
        for spec in given:
            if not self.target.uses_negatives:
                found.negatives[LeftOutReason.NOT_READ] += 1
            elif spec not in used:
                other = LeftOutReason.NOT_FIRST_OF_LEVEL if spec.level in levels else LeftOutReason.OTHER_TIMES
                found.negatives[other] += 1


def _clip_id(groups: Mapping[str, Sequence[Pair]]) -> str:
    return next(iter(groups.values()))[0].clip_id


def _left_out(pair: Pair, refused: dict[str, LeftOutError]) -> LeftOutPair:
    if pair.group_id not in refused:
        return LeftOutPair(pair_id=pair.pair_id, reason=LeftOutReason.TWIN_LEFT_OUT)
    error = refused[pair.group_id]
    return LeftOutPair(pair_id=pair.pair_id, reason=error.reason, detail=error.detail)
