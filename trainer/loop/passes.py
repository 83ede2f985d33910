"""The forward passes of a step, planned once for all processes: those that share a model make the same ones in step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True)
class Passes:
    """The forward passes for one part of a group. Those beyond a process's own visuals are idle and count for nothing.

    If each process holds only a part of the model, it fetches the other parts in every forward pass: processes that
    made different numbers of them, or in another order, would wait for each other for ever.
    """

    policy: int = 0
    """Forward passes of the policy."""
    reference: tuple[bool, ...] = ()
    """For each visual, whether the reference has to score it."""


def joined(of_all: Sequence[Sequence[Passes]]) -> list[Passes]:
    """What every process has to do, part by part, given what each of them wants to do."""
    return [_of_part(wanted) for wanted in zip_longest(*of_all, fillvalue=Passes())]


def _of_part(wanted: Sequence[Passes]) -> Passes:
    return Passes(
        policy=max(one.policy for one in wanted),
        reference=tuple(map(any, zip_longest(*(one.reference for one in wanted), fillvalue=False))),
    )
