"""The rows of the set: pairs, the clips that they refer to, and everything that was dropped."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset.account import Tallies
from pipeline.dataset.shard_writer import CLIP_SIZES, ShardSizes, ShardWriter, SplitWriter
from pipeline.finalise.result import Finalised, KeptVideo
from pipeline.inputs.contents import Contents, Video
from pipeline.storage.location import Location
from pipeline.work.units import Units
from schemas.arrow import arrow_schema, to_table
from schemas.clip import Clip
from schemas.dataset import ShardEntry
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import BY_SAMPLING
from schemas.pair import Pair
from schemas.video import Split

STAGE = "compact"
_DROPS_AT_ONCE = 10_000


class RowWriter:
    """Writes all shards of a set, one video at a time, so that memory does not grow with the set's pixels."""

    def __init__(self, out: Location, scratch: Path, units: Units, tallies: Tallies) -> None:
        self._units, self._tallies = units, tallies
        self._pairs, self._clips, self._drops = table_writers(out, scratch)

    def write(self, contents: Contents, finalised: Finalised) -> list[ShardEntry]:
        """Write everything, and return the shards.

        Drops: clips for NO_PAIRS, if no pair of the set refers to them.
        """
        kept = {video.content_sha256: video for video in finalised.videos}
        wanted = pa.array(sorted(_clips_of(finalised)), pa.string())
        drops = [*contents.drops, *finalised.drops]
        self._tallies.produced[ItemType.VIDEO] += len(contents.drops)
        for video in contents.videos:
            if video.content_sha256 in kept:
                self._add_pairs(kept[video.content_sha256])
            drops += self._add_clips(video, wanted)
        self._add_drops(drops)
        return [*self._pairs.finish(), *self._clips.finish(), *self._drops.finish()]

    def _add_pairs(self, video: KeptVideo) -> None:
        pairs = sorted(video.pairs(), key=lambda pair: pair.pair_id)
        self._pairs.add(to_table(Pair, pairs), video.split)
        kept, produced = self._tallies.kept, self._tallies.produced
        kept[ItemType.VIDEO] += 1
        kept[ItemType.QUESTION] += len({group.slot_id for group in video.groups if group.twin_of is None})
        kept[ItemType.GROUP] += len(video.groups)
        kept[ItemType.ANSWER] += sum(len(group.answers) for group in video.groups)
        kept[ItemType.VISUAL_NEGATIVE] += sum(len(group.visual_negatives) for group in video.groups)
        kept[ItemType.PAIR] += len(pairs)
        # comparisons of samples are counted with their unit
        produced[ItemType.PAIR] += sum(len(g.rejected) for g in video.groups if g.form != BY_SAMPLING)

    def _add_clips(self, video: Video, wanted: pa.Array) -> list[Drop]:
        """Store the clips that pairs refer to; the others are dropped."""
        clip_ids = self._units.clip_ids(video.unit_name)
        self._tallies.produced[ItemType.CLIP] += len(clip_ids)
        stored = pc.filter(clip_ids, pc.is_in(clip_ids, wanted))
        self._tallies.kept[ItemType.CLIP] += len(stored)
        if len(stored):
            clips = self._units.clips(video.unit_name)
            clips = clips.filter(pc.is_in(clips.column("clip_id"), stored)).sort_by("clip_id")
            for row in range(clips.num_rows):
                self._clips.add(_joined(clips.slice(row, 1), video))
        left_out = sorted(set(clip_ids.to_pylist()) - set(stored.to_pylist()))
        return [_clip_drop(clip_id, video) for clip_id in left_out]

    def _add_drops(self, drops: list[Drop]) -> None:
        self._tallies.count_drops(drops)
        drops.sort(key=lambda drop: (drop.item_type, drop.item_id, drop.stage, drop.reason))
        for start in range(0, len(drops), _DROPS_AT_ONCE):
            self._drops.add(to_table(Drop, drops[start : start + _DROPS_AT_ONCE]))


def table_writers(
    out: Location, scratch: Path, sizes: ShardSizes | None = None
) -> tuple[SplitWriter[Split], ShardWriter, ShardWriter]:
    """What writes the pairs, by split, the clips and the drops of a set; `sizes` if not the usual ones of each."""
    of_rows = sizes or ShardSizes()
    pairs = SplitWriter(
        lambda split: ShardWriter(out, "pairs", arrow_schema(Pair), of_rows, scratch, part=split), Split.TRAIN
    )
    clips = ShardWriter(out, "clips", arrow_schema(Clip), sizes or CLIP_SIZES, scratch)
    drops = ShardWriter(out, "drops", arrow_schema(Drop), of_rows, scratch)
    return pairs, clips, drops


def _clips_of(finalised: Finalised) -> set[str]:
    """Every clip that a pair of the set shows, all of it or in a stretch, or borrows for a visual negative."""
    groups = [group for video in finalised.videos for group in video.groups]
    borrowed = {negative.other_clip_id for group in groups for negative in group.visual_negatives}
    borrowed |= {edit.other_clip_id for group in groups for edit in group.shown.edits}
    return {group.clip_id for group in groups} | {clip_id for clip_id in borrowed if clip_id is not None}


def _joined(clips: pa.Table, video: Video) -> pa.Table:
    """Rows of `UnitClip` as rows of `Clip`."""
    columns = {"video_id": video.video_id, "uri": video.ref.uri}
    for name, value in columns.items():
        field = arrow_schema(Clip).field(name)
        clips = clips.append_column(field, pa.array([value] * clips.num_rows, field.type))
    return clips.select(arrow_schema(Clip).names)


def _clip_drop(clip_id: str, video: Video) -> Drop:
    cause = DropCause(DropReason.NO_PAIRS, measured=0, limit=1)
    return cause.drop(clip_id, ItemType.CLIP, STAGE, video_id=video.video_id, uri=video.ref.uri)
