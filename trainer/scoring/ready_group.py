"""A group as a model is given it: read, decoded and encoded."""

from dataclasses import dataclass, replace

from schemas.pair import VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from trainer.data.records import GroupRows


@dataclass(frozen=True)
class EncodedContrast:
    """The chosen answer on the two visuals of one level."""

    level: VisualLevel
    preferred: EncodedGroup | None
    """Null where it is the group's own visual."""
    negative: EncodedGroup


@dataclass(frozen=True)
class ReadyGroup:
    """A group as the model sees it."""

    rows: GroupRows
    answers: EncodedGroup
    """The group's own visual with all its answers, the chosen one first."""
    contrasts: tuple[EncodedContrast, ...] = ()
    with_answers: bool = True
    """Whether its own visual is scored: of a part of a group it may not be."""

    @property
    def visuals(self) -> tuple[EncodedGroup, ...]:
        """All that is scored: the answers, then of each contrast its preferred visual, if any, and its negative."""
        pairs = ((contrast.preferred, contrast.negative) for contrast in self.contrasts)
        own = (self.answers,) if self.with_answers else ()
        return (*own, *(encoded for pair in pairs for encoded in pair if encoded is not None))

    @property
    def must_win(self) -> tuple[bool, ...]:
        """Of each of `visuals` whether the chosen answer is true on it."""
        pairs = ((True, False) if contrast.preferred else (False,) for contrast in self.contrasts)
        return (*((True,) if self.with_answers else ()), *(won for pair in pairs for won in pair))

    def parts(self, least: int = 0) -> tuple["ReadyGroup", ...]:
        """What may be trained on one after the other, as the group's loss is the sum of theirs: the answers with what
        is held against their visual, then each contrast of two other visuals; then empty ones, up to `least` parts.
        """
        beside = tuple(contrast for contrast in self.contrasts if contrast.preferred is None)
        apart = ((contrast,) for contrast in self.contrasts if contrast.preferred is not None)
        parts = [replace(self, contrasts=beside), *(replace(self, contrasts=c, with_answers=False) for c in apart)]
        return (*parts, *[replace(self, contrasts=(), with_answers=False)] * (least - len(parts)))
