"""Rows become groups: one question, its chosen answer, and the rejected answers that the method trains on."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from schemas.claim import Axis
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.errors import DatasetError
from schemas.pair import RejectedKind
from schemas.version import SCHEMA_VERSION
from stages.visuals.seen import evenly
from trainer.data.records import AnswerText, GroupRows
from trainer.data.shards import ClipPlace, PairRow
from trainer.data.shown_frames import vanished
from trainer.data_settings import RowSelection

STAGE = "train"


@dataclass(frozen=True)
class Grouped:
    """Groups in order of their first row, and the rows that were dropped because their evidence is not shown."""

    groups: tuple[GroupRows, ...]
    drops: tuple[Drop, ...]


def group_rows(
    rows: Iterable[PairRow], clips: Mapping[str, ClipPlace], num_frames: int, selection: RowSelection
) -> Grouped:
    """Rows to groups. DatasetError if two rows of a group differ in what they must share.

    Drops: EVIDENCE_MISSING for a row if `num_frames` frames of its clip miss a moment of its evidence.
    """
    kept: dict[str, list[PairRow]] = {}
    drops = []
    for row in rows:
        place = clips[row.clip_id]
        # a stretch that is shown alone is evidence from its first frame to its last
        missing = (
            vanished(row.evidence_frames, evenly(len(place.pts_seconds), num_frames), place.shots)
            if row.shown.segment_id is None
            else 0
        )
        if missing:
            drops.append(_evidence_drop(row, missing))
        else:
            kept.setdefault(row.group_id, []).append(row)
    groups = (_group(kept[group_id], selection) for group_id in kept)
    return Grouped(tuple(group for group in groups if group is not None), tuple(drops))


def weighted_by_axis(groups: Iterable[GroupRows], weights: Mapping[Axis, float]) -> list[GroupRows]:
    """VideoPASTA's sum over axes as row weights, so that batches may mix axes: lambda_k N / N_k / sum(lambda).

    With these the mean over all N rows is the weighted mean of the axes' own means. Rows without an axis keep their
    weight. DatasetError if every axis that the rows have weighs 0.
    """
    groups = list(groups)
    rows = Counter(answer.adversary_axis for group in groups for answer in group.rejected if answer.adversary_axis)
    present = {axis: weight for axis, weight in weights.items() if rows[axis]}
    total, scale = sum(rows.values()), sum(present.values())
    if present and not scale:
        raise DatasetError(f"loss.axis_weights is 0 for every axis that the rows have: {', '.join(present)}")

    def weighted(answer: AnswerText) -> AnswerText:
        if answer.adversary_axis is None:
            return answer
        share = present[answer.adversary_axis] * total / rows[answer.adversary_axis] / scale
        return replace(answer, weight=answer.weight * share)

    return [replace(group, answers=(group.chosen, *map(weighted, group.rejected))) for group in groups]


def refuse_without_spans(groups: Iterable[GroupRows]) -> None:
    """Raise DatasetError if a row does not say where its answers differ, which loss.form=spans needs."""
    for group in groups:
        for answer in group.rejected:
            if not (answer.spans and answer.chosen_spans):
                raise DatasetError(
                    f"pair {answer.pair_id} does not say in which words its answers differ, which loss.form=spans "
                    f"needs; sets of schema version {SCHEMA_VERSION} do: build the set again, or use another loss.form"
                )


def _group(rows: list[PairRow], selection: RowSelection) -> GroupRows | None:
    """The group of these rows; None if the method trains on none of them."""
    first = rows[0]
    for row in rows[1:]:
        for name in ("clip_id", "question", "chosen", "shown", "twin_of", "negatives", "axis"):
            if getattr(row, name) != getattr(first, name):
                raise DatasetError(
                    f"pair {row.pair_id}: its {name} differs from that of group {first.group_id}; build the set again"
                )
    chosen_alone = selection is RowSelection.CHOSEN
    selected = [] if chosen_alone else _selected(rows, selection)
    if not (selected or chosen_alone):
        return None
    return GroupRows(
        group_id=first.group_id,
        clip_id=first.clip_id,
        video_id=first.video_id,
        axis=first.axis,
        question_type=first.question_type,
        question=first.question,
        answers=(AnswerText(first.chosen), *(_rejected(row) for row in selected)),
        negatives=first.negatives,
        shown=first.shown,
        twin_of=first.twin_of,
    )


def _selected(rows: list[PairRow], selection: RowSelection) -> list[PairRow]:
    ordered = sorted(rows, key=lambda row: row.pair_id)
    if selection is RowSelection.ADVERSARIES:
        return [row for row in ordered if row.adversary_axis is not None]
    if selection is RowSelection.SELF_SAMPLED:
        return [row for row in ordered if row.rejected_kind is RejectedKind.SELF_SAMPLED]
    if selection is RowSelection.BEST_OF_EACH_KIND:
        kinds = (RejectedKind.RELEVANT, RejectedKind.IRRELEVANT)
        of_kind = [[row for row in ordered if row.rejected_kind is kind] for kind in kinds]
        return [max(rows, key=lambda row: row.margin) for rows in of_kind if rows]  # max takes the first of equals
    return ordered


def _rejected(row: PairRow) -> AnswerText:
    return AnswerText(
        row.rejected,
        row.pair_id,
        row.rejected_kind,
        row.adversary_axis,
        row.weight,
        row.rejected_spans,
        row.chosen_spans,
        row.difficulty,
    )


def _evidence_drop(row: PairRow, missing: int) -> Drop:
    cause = DropCause(DropReason.EVIDENCE_MISSING, measured=missing, limit=0)
    return cause.drop(row.pair_id, ItemType.PAIR, STAGE, video_id=row.video_id)
