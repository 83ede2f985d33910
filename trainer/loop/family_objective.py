"""The loss of a family of twins, and what is told of its edges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from trainer.data.records import GroupRows
from trainer.data.twin_edges import TwinPair, twin_edges
from trainer.loop.metrics import PairSeen, TwinLevel
from trainer.loop.on_visual import OnVisual, Scored, pair_seen
from trainer.losses import PairTerms, family_loss, visual_edge
from trainer.recipe import LossConfig
from trainer.scoring.ready_group import ReadyGroup


@dataclass(frozen=True)
class ScoredMember:
    """One group of a family, scored."""

    ready: ReadyGroup
    own: OnVisual
    """Its answers on its own visual."""
    pairs: PairTerms
    """Its text edges."""

    @property
    def rows(self) -> GroupRows:
        """Its rows."""
        return self.ready.rows


def family_outcome(family: Sequence[ScoredMember], config: LossConfig) -> tuple[Tensor, list[PairSeen]]:
    """The loss of a family, (), and its edges: four of each pair of twins, and the weakest of the four."""
    text = [
        member.pairs.losses_N * member.pairs.losses_N.new_tensor([answer.weight for answer in member.rows.rejected])
        for member in family
    ]
    visual, seen = [], list[PairSeen]()
    for pair in twin_edges([member.rows for member in family]).pairs:
        first, second = family[pair.first], family[pair.second]
        edges = [*_text_edges(first, second, pair, config)]
        for rows, won, lost in _on_two_visuals(first, second, pair):
            terms = visual_edge(won[0].ratios_of(won[1]), lost[0].ratios_of(lost[1]), config)
            visual.append(terms.losses_N)
            edges.append(pair_seen(TwinLevel.VISUAL, rows, config.beta * float(terms.margins_N), won, lost))
        # all four hold if the weakest does
        seen += [*edges, replace(min(edges, key=lambda edge: edge.margin), level=TwinLevel.ALL)]
    return family_loss(text, visual, config.visual_weight), seen


def _text_edges(first: ScoredMember, second: ScoredMember, pair: TwinPair, config: LossConfig) -> Iterator[PairSeen]:
    """A over b on v, b over a on v'."""
    for member, other in ((first, pair.second_truth), (second, pair.first_truth)):
        margin = config.beta * float(member.pairs.margins_N[other - 1])
        yield pair_seen(TwinLevel.TEXT, member.rows, margin, (member.own, 0), (member.own, other))


def _on_two_visuals(
    first: ScoredMember, second: ScoredMember, pair: TwinPair
) -> Iterator[tuple[GroupRows, Scored, Scored]]:
    """V over v' for a, v' over v for b."""
    yield first.rows, (first.own, 0), (second.own, pair.first_truth)
    yield second.rows, (second.own, 0), (first.own, pair.second_truth)
