"""Descriptions of edited clips: what was done to one quarter after the other, in two orders.

One version of the clip has the edits in an order, the other in its reverse, so that each text is true once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from numpy.random import Generator

from schemas.claim import Claim
from schemas.clip import UnitClip
from schemas.shown import EditKind, Shown
from stages.claims.answers import prove_answer
from stages.claims.proof import ClipProver
from stages.descriptions.clause import Clause
from stages.descriptions.versions import Clauses
from stages.planted.parts import PARTS, Parts, parts_of
from stages.planted.questions import ORDINALS, PREDICATE_OF
from stages.visuals.standard import standard_edit
from stages.wording.stretch import Stretch

KINDS = (
    EditKind.TURNED,
    EditKind.MIRRORED,
    EditKind.ZOOMED,
    EditKind.FROZEN,
    EditKind.REVERSED,
    EditKind.SHUFFLED,
    EditKind.SPED_UP,
)
"""What is told of a clip: all that needs no frames besides those that are stored."""
LEAST_EXCHANGED = 2
"""Edits that come in another order in the other version."""
_LEAST_TOLD = 3
_TRIES = 30


@dataclass(frozen=True)
class EditedClip:
    """A version of a clip, and what was done to it."""

    shown: Shown
    clauses: Clauses

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What the clauses assert."""
        return tuple(clause.claim for clause in self.clauses)


Visible = Mapping[EditKind, Sequence[int]]
"""The quarters in which an edit of each kind can be seen."""


def visible_edits(clip: UnitClip, prover: ClipProver) -> Visible:
    """Where edits can be seen, by kind: those that can in some quarter. The clip has enough frames for quarters."""
    parts = parts_of(clip)
    found = {kind: [part for part in range(PARTS) if _is_seen(kind, part, parts, prover)] for kind in KINDS}
    return {kind: seen for kind, seen in found.items() if seen}


def exchangeable(visible: Visible) -> int:
    """How many kinds can be seen in both of two quarters, where there are most: it takes two to exchange them."""
    return max(
        sum({one, other} <= set(seen) for seen in visible.values()) for one, other in combinations(range(PARTS), 2)
    )


def edited_clips(
    clip: UnitClip, visible: Visible, prover: ClipProver, rng: Generator
) -> Iterator[tuple[EditedClip, EditedClip]]:
    """Two versions at a time, each with the edits of the other in reverse order; no two with the same edits.

    What was done to the one is proven true of it and false of the other. Four edits are tried before three.
    """
    parts = parts_of(clip)
    told: set[frozenset[tuple[int, EditKind]]] = set()
    for count in (PARTS, _LEAST_TOLD):
        for _ in range(_TRIES):
            where, kinds = _drawn(count, visible, rng)
            used = {frozenset(zip(where, order, strict=False)) for order in (kinds, kinds[::-1])}
            if len(kinds) < count or used & told:
                continue
            versions = (_version(where, kinds, parts), _version(where, kinds[::-1], parts))
            if _is_proven(*versions, prover) and _is_proven(*versions[::-1], prover):
                told |= used
                yield versions


def _drawn(count: int, visible: Visible, rng: Generator) -> tuple[tuple[int, ...], tuple[EditKind, ...]]:
    """Some parts, and a kind for each, other ones for all, that can be seen there and in the part with which it is
    exchanged; fewer kinds if there are not enough.
    """
    choices = list(combinations(range(PARTS), count))
    where = choices[int(rng.integers(len(choices)))]
    kinds = list(visible)
    free = [kinds[int(i)] for i in rng.permutation(len(kinds))]
    found: list[EditKind] = []
    for part, exchanged in zip(where, where[::-1], strict=True):
        kind = next((kind for kind in free if {part, exchanged} <= set(visible[kind])), None)
        if kind is None:
            break
        free.remove(kind)
        found.append(kind)
    return where, tuple(found)


def _version(where: Sequence[int], kinds: Sequence[EditKind], parts: Parts) -> EditedClip:
    edits = [standard_edit(kind, parts.stretches[part]) for part, kind in zip(where, kinds, strict=True)]
    clauses = (_clause(kind, part, parts) for part, kind in zip(where, kinds, strict=True))
    return EditedClip(parts.shown(*edits), tuple(clauses))


def _clause(kind: EditKind, part: int, parts: Parts) -> Clause:
    stretch = parts.stretches[part]
    claim = Claim(predicate=PREDICATE_OF[kind], intervals=(stretch,), value=kind.value)
    return Clause("edit", kind.value, claim, Stretch(f"quarter{part}", f"in the {ORDINALS[part]} quarter", stretch))


def _is_seen(kind: EditKind, part: int, parts: Parts, prover: ClipProver) -> bool:
    shown = parts.shown(standard_edit(kind, parts.stretches[part]))
    return prover.prove(_clause(kind, part, parts).claim, chosen=True, shown=shown).failure is None


def _is_proven(version: EditedClip, other: EditedClip, prover: ClipProver) -> bool:
    """Whether what was done to a version is true of it, and what was done to the other is false of it."""
    return not any(
        prove_answer(one.claims, prover, version.shown, (), chosen=one is version).failures for one in (version, other)
    )
