"""The section `finalise:` of a recipe: what a set may consist of."""

from pydantic import Field

from schemas.record import Record


class BalanceConfig(Record):
    """How far the set may lean before `finalise` acts."""

    steer_sigmas: float = Field(default=0.6, ge=0)
    """Among alternatives of a question, imbalances over this many standard deviations are steered against."""
    cut_sigmas: float = Field(default=1.0, ge=0)
    """Groups are dropped where an imbalance exceeds this many standard deviations."""
    cut_slack: float = Field(default=2.0, ge=0)
    """An imbalance of up to so many groups is never cut: too few to learn a habit from."""
    words: bool = True
    """Whether every word by which the answers of a group differ is balanced too, and their length."""


class SelectionConfig(Record):
    """What a set may consist of."""

    max_groups_per_clip: int = Field(default=32, ge=1)
    """Questions kept about one clip."""
    max_predicate_share: float = Field(default=0.15, gt=0, le=1)
    """Largest share of the set's pairs that may assert one predicate as chosen, and as rejected answer."""
    predicate_free_pairs: int = Field(default=40, ge=0)
    """So many pairs of a predicate are never too many, however small the set."""
    max_predicate_loss: float = Field(default=0.4, ge=0, le=1)
    """Share of pairs that may go for the sake of proportion; beyond it, `max_predicate_share` is loosened."""
    min_axis_share: float = Field(default=0.2, ge=0, le=1 / 3)
    """Least share of the pairs that each axis should have."""
    max_axis_loss: float = Field(default=0.35, ge=0, le=1)
    """Share of pairs that may go for that; where it would take more, the axes stay as they are."""
    axis_free_pairs: int = Field(default=300, ge=0)
    """A set of no more than so many pairs is not cut for the sake of its axes."""
    min_absent_share: float = Field(default=0.37, ge=0, le=1)
    """Least share of the questions in which some answer should name a thing that the video lacks."""
    max_absent_loss: float = Field(default=0.4, ge=0, le=1)
    """Share of questions that may go for that; where it would take more, all stay."""
    rare_pairs: int = Field(default=42, ge=0)
    """A predicate is not cut, for balance or proportion, to fewer pairs, as chosen or as rejected: variety is worth
    more. In a set of fewer than `rare_of_videos` videos it is less, in proportion."""
    rare_videos: int = Field(default=13, ge=0)
    """Nor to fewer videos; likewise."""
    rare_of_videos: int = Field(default=120, ge=1)
    """From so many videos on `rare_pairs` and `rare_videos` are meant in full."""
    balance: BalanceConfig = BalanceConfig()
    """How far the set may lean."""

    def scale(self, videos: int) -> float:
        """How much of `rare_pairs` and `rare_videos` is meant in a set of so many videos."""
        return min(1.0, videos / self.rare_of_videos)


class FinaliseConfig(SelectionConfig):
    """What a set may consist of, and how its videos are split."""

    borrow_videos: bool = True
    """Whether groups get visual negatives that show another video of the set."""
    validation_share: float = Field(default=0.05, ge=0, le=1)
    """Share of videos that go to validation where the manifest names no split, 0..1."""
