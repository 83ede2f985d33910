"""What a scene says of every cell of a slot: true, false or neither."""

from dataclasses import dataclass

from schemas.claim import Claim
from schemas.scene import Scene
from stages.claims import Checked, Truth, check_worded
from stages.claims.margins import Margins


@dataclass(frozen=True)
class Prover:
    """Proves claims on one scene."""

    scene: Scene
    margins: Margins
    """How clear a claim has to be."""
    edge_seconds: float
    """How much earlier or later the edges of a worded stretch may be read."""

    def claim(self, claim: Claim) -> Checked:
        """The verdict that holds in every reading of the claim's words; nothing is clear enough where UNKNOWN."""
        return check_worded(claim, self.scene, edge_seconds=self.edge_seconds)

    def proves(self, claim: Claim, truth: Truth) -> bool:
        """Whether the claim has that truth by the least margin."""
        checked = self.claim(claim)
        return checked.truth is truth and self.margins.allow(checked)
