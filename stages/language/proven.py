"""What a proven group of a language model gets besides: a mirrored or reversed twin, and proven visual negatives."""

from collections.abc import Sequence

from numpy.random import Generator

from schemas.group import CandidateGroup
from schemas.visual_negative import VisualKind
from stages.claims.proof import ClipProver
from stages.claims.writing import may_be_mirrored
from stages.facts.twins import TWIN_EDITS, TwinMaker
from stages.negatives.check import ClipChecks
from stages.negatives.choose import NegativeChooser

_ORDERS_TRIED = 10
_KINDS = frozenset(kind for kind in VisualKind if not kind.borrows and kind is not VisualKind.OTHER_EDITS)


class ProvenGroups:
    """Completes the groups of one clip as those of `facts` are."""

    def __init__(self, prover: ClipProver, *, negatives: bool, rng: Generator) -> None:
        """`negatives`: whether they get visual negatives."""
        mirrored = may_be_mirrored(prover.view().scene)
        self._twins = TwinMaker(prover, TWIN_EDITS if mirrored else TWIN_EDITS[:1])
        self._chooser = NegativeChooser(
            ClipChecks(prover, prover.config),
            prover.config,
            kinds=_KINDS if negatives else frozenset(),
            intervals=(),
            orders=tuple(int(seed) for seed in rng.integers(2**31, size=_ORDERS_TRIED)),
        )

    def completed(self, group: CandidateGroup, rng: Generator) -> Sequence[CandidateGroup]:
        """The group with its visual negatives, and its twin if every answer is proven and another is true of an edit.

        A group with an irrelevant answer has no twin: finalise may leave that answer out.
        """
        own = self._chooser.chosen(group, rng)
        if not all(answer.claims and answer.absent is None for answer in group.answers):
            return (own,)
        twin = self._twins.twin(group, rng)
        return (own,) if twin is None else (own, self._chooser.chosen(twin, rng))
