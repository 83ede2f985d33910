"""The further tables of a round of self-sampling: contexts, samples, and comparisons with their pairs."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.dataset.shard_writer import ShardSizes, ShardWriter, SplitWriter
from pipeline.finalise.result import Finalised, KeptVideo
from pipeline.inputs.contents import Contents
from pipeline.storage.location import Location
from pipeline.work.units import Units
from schemas.arrow import arrow_schema, to_table
from schemas.context import ClipContext
from schemas.dataset import ShardEntry
from schemas.samples import Comparison, ComparisonOutcome, SampledQuestion


def write_round_tables(
    out: Location, scratch: Path, units: Units, contents: Contents, finalised: Finalised
) -> list[ShardEntry]:
    """Write what all units hold of the round, also of videos without a pair; comparisons are split by their outcome."""
    sizes = ShardSizes()
    contexts = ShardWriter(out, "contexts", arrow_schema(ClipContext), sizes, scratch)
    samples = ShardWriter(out, "samples", arrow_schema(SampledQuestion), sizes, scratch)
    schema = arrow_schema(Comparison)
    compared: SplitWriter[ComparisonOutcome] = SplitWriter(
        lambda outcome: ShardWriter(out, "comparisons", schema, sizes, scratch, part=outcome),
        ComparisonOutcome.CONSISTENT,
    )
    pairs = {video.content_sha256: _pair_ids(video) for video in finalised.videos}
    for video in contents.videos:
        found = units.retrospection(video.unit_name)
        if found is None:
            continue
        contexts.add(to_table(ClipContext, found.contexts))
        samples.add(to_table(SampledQuestion, found.questions))
        own = [_joined(one, pairs.get(video.content_sha256, {})) for one in found.comparisons]
        for outcome in ComparisonOutcome:
            if rows := [one for one in own if one.outcome is outcome]:
                compared.add(to_table(Comparison, rows), outcome)
    return [*contexts.finish(), *samples.finish(), *compared.finish()]


_Answers = tuple[str, str, str]
"""The question, the better answer and the worse one."""


def _pair_ids(video: KeptVideo) -> Mapping[_Answers, str]:
    return {
        (group.slot_id, group.chosen.text, rejected.text): f"{group.group_id}-{number}"
        for group in video.groups
        for number, rejected in enumerate(group.rejected)
    }


def _joined(one: Comparison, pairs: Mapping[_Answers, str]) -> Comparison:
    """The comparison with the pair that it became, if any."""
    if one.first_is_better is None:
        return one
    better, worse = (one.first, one.second) if one.first_is_better else (one.second, one.first)
    return one.model_copy(update={"pair_id": pairs.get((one.question_id, better, worse))})
