"""How far the kept questions are out of balance, and how the loss of one would change that."""

from dataclasses import dataclass

from pipeline.finalise.alternatives import Alternative
from pipeline.finalise.balance import Tally


@dataclass(frozen=True)
class Imbalance:
    """The imbalances of a running tally beyond what is allowed."""

    tally: Tally
    sigmas: float
    """The number of standard deviations that an imbalance may reach."""
    slack: float
    """The number of groups that an imbalance may always reach."""

    def excess(self, feature: str) -> float:
        """The number of groups by which a feature exceeds its limit; 0 if it does not."""
        return self.tally.excess(feature, self.sigmas, self.slack)

    def limit(self, feature: str) -> float:
        """The largest imbalance allowed to a feature, in groups."""
        return max(self.sigmas * self.tally.sigma(feature), self.slack)

    def leaning(self) -> set[str]:
        """All features beyond their limits."""
        return {feature for feature in self.tally.features() if self.excess(feature) > 0}

    def after_gain(self, option: Alternative) -> float:
        """The change of the total excess if an alternative were taken."""
        return round(self.tally.change(option.content_sha256, option.lean, self.sigmas, self.slack), 9)

    def after_loss(self, option: Alternative) -> float:
        """The change of the total excess if an alternative were dropped; negative is better."""
        return round(self.tally.change(option.content_sha256, option.lean, self.sigmas, self.slack, sign=-1), 9)

    def worsened_by(self, option: Alternative) -> list[str]:
        """The features beyond their limits that lean further because of an alternative."""
        return [f for f, lean in option.lean.items() if lean * self.tally.lean(f) > 0 and self.excess(f) > 0]

    def mends(self, option: Alternative) -> bool:
        """Whether dropping an alternative reduces the total excess, and it worsens some feature.

        An alternative that leans the other way may reduce it too, if its loss widens what chance explains.
        """
        return bool(self.worsened_by(option)) and self.after_loss(option) < 0
