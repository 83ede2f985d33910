"""The reference's scores of all groups are made before the first step, for a policy that does not keep it."""

from collections.abc import Sequence

from trainer.data.records import GroupRows
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.prefetch import GroupEncoder
from trainer.loop.progress import Pace, Say, clock


def fill_references(
    scorer: GroupScorer,
    trained: Sequence[GroupRows],
    held_out: Sequence[GroupRows],
    encoder: GroupEncoder,
    say: Say,
) -> None:
    """Make all scores that are not kept yet. Each process makes its share."""
    everything = [(unit, False) for unit in encoder.units(trained)] + [(unit, True) for unit in encoder.units(held_out)]
    groups = scorer.rank.share(everything) if everything else ()
    pace = Pace()
    for number, ((unit, is_held_out), _) in enumerate(groups, start=1):
        [planned] = scorer.in_step([encoder.encode(*unit)], held_out=is_held_out)
        scorer.references(planned, before_training=True)
        seconds = pace.due(number, len(groups))
        if seconds is not None:
            left = seconds * (len(groups) - number)
            done = min(number * scorer.rank.count, len(everything))
            say(f"reference scores of {done} of {len(everything)} groups, {clock(left)} left")
    scorer.rank.wait_for_all()
