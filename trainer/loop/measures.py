"""The reference's own view of groups, measured before the first step: how hard they are, and their visual negatives.

The reference's scores are made once and then in its cache, so a training that needs them afterwards finds them there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean

from pydantic import ValidationError

from schemas.errors import OutputError
from schemas.record import Record
from stages.models.video_llm.score import Scores
from trainer.atomic_file import write_whole
from trainer.data.records import GroupRows
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.prefetch import GroupFeed
from trainer.loop.progress import Pace, Say, clock
from trainer.scoring.ready_group import ReadyGroup

MEASURES_FILE = "measures.json"


class GroupMeasure(Record):
    """What the reference says of one group, in nats."""

    margin: float | None
    """Mean over its pairs of log pi_ref(chosen) - log pi_ref(rejected) on its visual; null without a pair."""
    gaps: dict[int, float]
    """By place of a visual negative: log pi_ref(chosen) on what is preferred - that on the negative. Large: it sees the
    difference already. Negatives that nobody could tell from what is preferred are missing."""


Measures = Mapping[str, GroupMeasure]
"""By group id."""


class MeasuresFile(Record):
    """All measures of a training."""

    groups: dict[str, GroupMeasure]


def measured(scorer: GroupScorer, groups: Sequence[GroupRows], feed: GroupFeed, say: Say) -> Measures:
    """Measure groups, each process its share, or read what an earlier run of this training measured.

    Groups that cannot be used are missing.
    """
    file = scorer.scorer.cache.folder / MEASURES_FILE
    if file.exists():
        return _read(file)
    share, pace, own = scorer.rank.share([(rows,) for rows in groups]), Pace(), dict[str, GroupMeasure]()
    every = replace(feed, encoder=replace(feed.encoder, every_negative=True, with_twins=False))
    for number, (ready, counts) in enumerate(every.ahead(share), start=1):
        [planned] = scorer.in_step([ready])
        reference = scorer.references(planned, before_training=True)
        if counts:
            own[ready.rows.group_id] = measure(ready, reference)
        seconds = pace.due(number, len(share))
        if seconds is not None:
            left = clock(seconds * (len(share) - number))
            say(f"the reference measured {number} of {len(share)} groups, {left} left")
    found = {name: one for part in scorer.rank.gathered(own) for name, one in part.items()}
    if scorer.rank.leads:
        write_whole(file, MeasuresFile(groups=found).model_dump_json().encode())
    return found


def measure(ready: ReadyGroup, reference: Sequence[Scores]) -> GroupMeasure:
    """The measure of one group from the reference's scores of `ready.visuals`."""
    own, *rest = (scores.sums_K.tolist() for scores in reference)
    others, gaps = iter(rest), {}
    for contrast in ready.contrasts:
        preferred = own[0] if contrast.preferred is None else next(others)[0]
        gaps[contrast.place] = preferred - next(others)[0]
    margins = [own[0] - wrong for wrong in own[1:]]
    return GroupMeasure(margin=fmean(margins) if margins else None, gaps=gaps)


def gap_lines(groups: Sequence[GroupRows], measures: Measures) -> Iterator[str]:
    """One line for each kind of visual negative: the mean gap, and how many there are."""
    by_kind: dict[tuple[str, str], list[float]] = {}
    for group in (one for one in groups if one.group_id in measures):
        for place, gap in measures[group.group_id].gaps.items():
            negative = group.negatives[place]
            by_kind.setdefault((negative.level.value, negative.kind.value), []).append(gap)
    for (level, kind), found in sorted(by_kind.items()):
        yield f"{level} negatives, {kind}: the reference tells them by {fmean(found):.2f} nats (mean of {len(found)})"


def _read(file: Path) -> Measures:
    try:
        return MeasuresFile.model_validate_json(file.read_bytes()).groups
    except (ValidationError, OSError) as error:
        raise OutputError(f"{file} is damaged; delete it and run again") from error
