"""How often models are right about held-out videos, and about controls in which only the seams are left."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.observations import ALL, Metric, observations
from pipeline.stats.bootstrap import Share, gain_over_videos, share_over_videos
from schemas.shown import EditKind, Shown
from stages.seeding import rng_for
from trainer.answering.evaluate import GroupResult, Task, evaluate_group
from trainer.data.clips import GroupLoader
from trainer.data.records import GroupRows
from trainer.policy.side_by_side import ComparedModel

_NEW_TOKENS = 32

Results = Mapping[str, Sequence[GroupResult]]
"""The results of each model, by its name, on the same groups."""


@dataclass(frozen=True)
class Line:
    """One number of a model, beside that of the base model on the same groups."""

    name: str
    share: Share
    gain: tuple[float, float, float]
    """Share minus the base model's, with its 95 % interval over videos."""


def results_of(
    models: Sequence[ComparedModel], groups: Sequence[GroupRows], loader: GroupLoader, writing: int = 0
) -> Results:
    """What each model makes of each group; about the first `writing` groups they also write an answer."""
    found: dict[str, list[GroupResult]] = {compared.name: [] for compared in models}
    for place, rows in enumerate(groups):
        task = Task(_NEW_TOKENS if place < writing else 0)
        for compared, result in zip(
            models, evaluate_group(models, loader.load(rows, contrasts=False), task), strict=True
        ):
            found[compared.name].append(result)
    return found


def only_seams(groups: Sequence[GroupRows]) -> list[GroupRows]:
    """The questions about edits on the clip with its seams alone: whoever still answers them reads the seams."""
    return [replace(group, shown=_seams_of(group.shown)) for group in groups if kind_of(group) is not None]


def kind_of(group: GroupRows) -> EditKind | None:
    """The kind of edit that a question is about; None of other questions, whose clips have no seams."""
    if all(edit.kind is not EditKind.SEAM for edit in group.shown.edits):
        return None
    return next((edit.kind for edit in group.shown.edits if edit.kind is not EditKind.SEAM), None)


def _seams_of(shown: Shown) -> Shown:
    return shown.model_copy(update={"edits": tuple(edit for edit in shown.edits if edit.kind is EditKind.SEAM)})


def lines(trained: Sequence[Sequence[GroupResult]], base: Sequence[GroupResult]) -> Iterator[Line]:
    """The numbers of one way to train.

    Args:
        trained: the results of each seed, on the same groups as `base`.
        base: the results of the base model.
    """
    kinds = sorted({kind for result in base if (kind := kind_of(result.rows)) is not None})
    yield from _lines("", trained, base)
    for kind in kinds:
        own = [[one for one in results if kind_of(one.rows) is kind] for results in trained]
        yield from _lines(f"{kind}: ", own, [one for one in base if kind_of(one.rows) is kind], _METRICS[:1])


_METRICS = (
    ("chosen over rejected", Metric.PREFERENCE, ALL),
    ("chosen over all others", Metric.RANKED_FIRST, ALL),
    ("a group and its twin both right", Metric.TWINS, ALL),
    ("writes the chosen answer", Metric.GENERATED, "is chosen"),
    ("writes a whole sentence", Metric.GENERATED, "of valid form"),
)


def _lines(
    prefix: str,
    trained: Sequence[Sequence[GroupResult]],
    base: Sequence[GroupResult],
    metrics: Sequence[tuple[str, Metric, str]] = _METRICS,
) -> Iterator[Line]:
    for name, metric, part in metrics:
        before_P, video_P = _values(base, metric, part)
        if len(before_P):
            # the mean over seeds is one value: seeds share the videos, so they add no videos to the interval
            after_P = np.mean([_values(results, metric, part)[0] for results in trained], axis=0)
            rng = [rng_for(0, "small policy", prefix + name) for _ in range(2)]
            yield Line(
                prefix + name,
                share_over_videos(after_P, video_P, rng[0]),
                gain_over_videos(before_P, after_P, video_P, rng[1]),
            )


def _values(results: Sequence[GroupResult], metric: Metric, part: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Each value, and the number of its video."""
    found = [one for one in observations(results) if (one.metric, one.part) == (metric, part)]
    _, videos = np.unique([one.video_id for one in found], return_inverse=True)
    return np.array([one.value for one in found], np.float64), videos.astype(np.int64)
