"""Whether an answer can still be seen on the frames that a policy is shown."""

from collections.abc import Sequence


def moments(frames: Sequence[int], shots: Sequence[int]) -> list[tuple[int, ...]]:
    """Runs of neighbouring indices within one shot: each is one moment that an answer refers to.

    `shots` holds the shot number of every stored frame.
    """
    runs: list[list[int]] = []
    for index in sorted(set(frames)):
        if runs and index == runs[-1][-1] + 1 and shots[index] == shots[index - 1]:
            runs[-1].append(index)
        else:
            runs.append([index])
    return [tuple(run) for run in runs]


def vanished(evidence: Sequence[int], shown: Sequence[int], shots: Sequence[int]) -> int:
    """How many moments of the evidence are on none of the shown frames."""
    kept = set(shown)
    return sum(kept.isdisjoint(moment) for moment in moments(evidence, shots))
