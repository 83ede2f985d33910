"""The reference's scores of all groups are made before the first step, for a policy that does not keep it."""

from collections.abc import Sequence

from trainer.data.records import GroupRows
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.prefetch import GroupFeed
from trainer.loop.progress import Pace, Say, clock


def fill_references(
    scorer: GroupScorer,
    trained: Sequence[GroupRows],
    held_out: Sequence[GroupRows],
    feed: GroupFeed,
    say: Say,
) -> None:
    """Make all scores that are not kept yet. Each process makes its share."""
    units = {is_held_out: feed.encoder.units(groups) for is_held_out, groups in ((False, trained), (True, held_out))}
    shares = {is_held_out: scorer.rank.share(own) if own else () for is_held_out, own in units.items()}
    pace, number, of, of_all = Pace(), 0, sum(map(len, shares.values())), sum(map(len, units.values()))
    for is_held_out, share in shares.items():
        for ready, _ in feed.ahead(share):
            [planned] = scorer.in_step([ready], held_out=is_held_out)
            scorer.references(planned, before_training=True)
            number += 1
            seconds = pace.due(number, of)
            if seconds is not None:
                done = min(number * scorer.rank.count, of_all)
                say(f"reference scores of {done} of {of_all} groups, {clock(seconds * (of - number))} left")
    scorer.rank.wait_for_all()
