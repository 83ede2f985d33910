"""The section `finalise:` of a recipe: what a set may consist of."""

from pydantic import Field

from schemas.record import Record


class BalanceConfig(Record):
    """How far the set may lean before `finalise` acts."""

    steer_sigmas: float = Field(default=0.6, ge=0)
    """Among the alternatives of a question, one is preferred that reduces imbalances beyond this many standard
    deviations."""
    cut_sigmas: float = Field(default=1.0, ge=0)
    """Groups are dropped if an imbalance exceeds this many standard deviations."""
    cut_slack: float = Field(default=2.0, ge=0)
    """An imbalance of up to this many groups is never cut: too few to learn a habit from."""
    words: bool = True
    """Whether the words by which the answers of a group differ, and their lengths, are balanced too."""


class SelectionConfig(Record):
    """What a set may consist of."""

    max_groups_per_clip: int = Field(default=32, ge=1)
    """Most questions kept about one clip."""
    max_predicate_share: float = Field(default=0.15, gt=0, le=1)
    """Largest share of the set's pairs whose chosen answer, or whose rejected answer, asserts one predicate; the type
    of the question takes the place of the predicate of an answer without a claim, here and below."""
    predicate_free_pairs: int = Field(default=80, ge=0)
    """Up to this many pairs of a predicate are never too many, however small the set."""
    max_predicate_loss: float = Field(default=0.4, ge=0, le=1)
    """Largest share of pairs dropped for that; if it would take more, `max_predicate_share` is raised."""
    min_axis_share: float = Field(default=0.2, ge=0, le=1 / 3)
    """Least share of the pairs that each axis should have."""
    max_axis_loss: float = Field(default=0.35, ge=0, le=1)
    """Largest share of pairs dropped for that; if it would take more, the axes stay as they are."""
    axis_free_pairs: int = Field(default=430, ge=0)
    """Nothing is dropped for that from a set of at most this many pairs: 300 about the scene, with the share of planted
    edits beside them."""
    min_absent_share: float = Field(default=0.37, ge=0, le=1)
    """Least share of the questions in which some answer should name a thing that is not in the video."""
    max_absent_loss: float = Field(default=0.4, ge=0, le=1)
    """Largest share of questions dropped for that; if it would take more, all stay."""
    max_planted_share: float | None = Field(default=None, ge=0, le=1)
    """Largest share of the pairs that may be about planted edits; always `generate.planted.share`."""
    max_written_share: float | None = Field(default=None, gt=0, le=1)
    """Largest share of the pairs that language models may have written; null: any. No other rule about balance or
    proportion drops these."""
    max_word_share: float = Field(default=0.05, gt=0, le=1)
    """A written word that stands in more than this share of the videos, and in at least three, is a watermark or the
    name of a channel: nothing is asked about it."""
    rare_pairs: int = Field(default=42, ge=0)
    """No predicate of chosen or of rejected answers is cut to fewer pairs for balance or proportion, since variety is
    worth more. In a set of fewer than `rare_of_videos` videos the limit is lower, in proportion."""
    rare_videos: int = Field(default=13, ge=0)
    """No predicate is cut to fewer videos either; lower in a small set, as above."""
    rare_of_videos: int = Field(default=120, ge=1)
    """From this many videos on the two limits apply in full; below, in proportion."""
    min_quarter_share: float = Field(default=0.15, ge=0, le=0.25)
    """Least share of the questions that each quarter of difficulty keeps, as far as there are any: of alternatives that
    are balanced alike one is preferred whose quarter has less, and no rule about balance or proportion cuts it."""
    balance: BalanceConfig = BalanceConfig()
    """How far the set may lean."""

    def scale(self, videos: int) -> float:
        """The factor, 0..1, by which `rare_pairs` and `rare_videos` apply in a set of this many videos."""
        return min(1.0, videos / self.rare_of_videos)


class FinaliseConfig(SelectionConfig):
    """What a set may consist of, and how its videos are split."""

    self_sampled: bool = False
    """Whether the set is a round of self-sampling, in which nothing is chosen but by length; as `generate.writer`."""
    max_length_correlation: float | None = Field(default=0.05, ge=0, le=1)
    """Of a round: how far the better answers may be told by their length, -1 to 1; pairs are matched until they are
    not. Null: all stay."""
    borrow_videos: bool = True
    """Whether groups get visual negatives that show another video of the set."""
    blind_ceiling: float | None = Field(default=0.6, gt=0.5, le=1)
    """How often each reader of the texts alone may be right on pairs that language models wrote, twins apart, on videos
    that it did not learn from; the most guessable questions are dropped until it is met. Null: no ceiling."""
    validation_share: float = Field(default=0.05, ge=0, le=1)
    """Share of videos that go to validation, 0..1, among those for which the manifest names no split."""
