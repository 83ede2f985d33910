"""Groups that are ready for a model: read, decoded and encoded; and the steps that they make."""

from dataclasses import dataclass, replace

from schemas.visual_negative import VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from trainer.data.records import GroupRows
from trainer.losses import DifferingTokens


@dataclass(frozen=True)
class EncodedContrast:
    """The chosen answer on the two visuals of one level."""

    level: VisualLevel
    preferred: EncodedGroup | None
    """Null if it is the group's own visual."""
    negative: EncodedGroup
    place: int = 0
    """Its spec's place in `GroupRows.negatives`."""
    share: float = 1.0
    """Its part of the level's loss."""


@dataclass(frozen=True)
class ReadyGroup:
    """A group as a model sees it, or a part of one."""

    rows: GroupRows
    answers: EncodedGroup
    """The group's own visual with all its answers, the chosen one first."""
    contrasts: tuple[EncodedContrast, ...] = ()
    differing: DifferingTokens | None = None
    """The tokens in which the answers of each pair differ; null if the loss does not read them."""
    twins: tuple["ReadyGroup", ...] = ()
    """The other groups of its family, if they are trained on in one backward pass."""
    with_answers: bool = True
    """Whether its own visual is scored; a part of a group may be without it."""

    @property
    def members(self) -> tuple["ReadyGroup", ...]:
        """The group and its twins."""
        return (self, *self.twins)

    @property
    def visuals(self) -> tuple[EncodedGroup, ...]:
        """Everything that is scored: the answers, then preferred visual, if any, and negative of each contrast, then
        the answers of each twin.
        """
        pairs = ((contrast.preferred, contrast.negative) for contrast in self.contrasts)
        own = (self.answers,) if self.with_answers else ()
        contrasts = (encoded for pair in pairs for encoded in pair if encoded is not None)
        return (*own, *contrasts, *(twin.answers for twin in self.twins))

    @property
    def contrasts_must_win(self) -> tuple[bool, ...]:
        """For each visual of a contrast, in order of `visuals`: whether the chosen answer is true on it."""
        pairs = ((True, False) if contrast.preferred else (False,) for contrast in self.contrasts)
        return tuple(won for pair in pairs for won in pair)

    def parts(self) -> tuple["ReadyGroup", ...]:
        """Parts whose losses add up to the group's, to be trained on one after the other.

        First the answers with the contrasts to their own visual, then each contrast of two other visuals.
        """
        beside = tuple(contrast for contrast in self.contrasts if contrast.preferred is None)
        apart = ((contrast,) for contrast in self.contrasts if contrast.preferred is not None)
        return (
            replace(self, contrasts=beside),
            *(replace(self, contrasts=each, twins=(), with_answers=False) for each in apart),
        )

    @property
    def idle(self) -> "ReadyGroup":
        """An empty part: nothing of it is scored, and its loss is 0."""
        return replace(self, contrasts=(), twins=(), with_answers=False)


@dataclass(frozen=True)
class ReadyStep:
    """The groups of one process in one optimiser step."""

    groups: tuple[tuple[ReadyGroup, bool], ...]
    """Each with whether it counts; none if none of them can be used."""
    pairs: int
    """Loss rows of the whole step, over all processes, with those that cannot be used."""
    stage: int | None = None
    """The lot that it is of, if groups are trained on by difficulty."""
