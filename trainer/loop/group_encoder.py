"""Groups are read and encoded for a model, with their visuals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from schemas.errors import DamagedClipError, EncodingError
from schemas.text_span import TextSpan
from schemas.visual_negative import VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily
from stages.visuals.visual import Visual
from trainer.data.clips import GroupLoader
from trainer.data.records import AnswerText, GroupRows
from trainer.data.twins import TwinGroups
from trainer.loop.unusable import UnusableGroup
from trainer.losses import DifferingTokens
from trainer.scoring.ready_group import EncodedContrast, ReadyGroup


@dataclass(frozen=True)
class GroupEncoder:
    """Encodes rows for a model, with their visuals."""

    loader: GroupLoader
    family: ModelFamily
    levels: frozenset[VisualLevel] = frozenset()
    """The levels of the visual negatives that are encoded too."""
    every_negative: bool = False
    """Whether all visual negatives of a level are encoded, or one."""
    marks_spans: bool = False
    """Whether to find the tokens in which the answers of each pair differ."""
    with_twins: bool = False
    """Whether a family of twins is trained on in one backward pass."""

    def units(self, groups: Iterable[GroupRows]) -> list[TwinGroups]:
        """What is dealt to processes and trained on in one backward pass: families of twins, or groups; in order."""
        if not self.with_twins:
            return [(group,) for group in groups]
        families: dict[str, list[GroupRows]] = {}
        for group in groups:
            families.setdefault(group.twins_id, []).append(group)
        return [tuple(family) for family in families.values()]

    def encode(self, rows: GroupRows, *twins: GroupRows) -> ReadyGroup:
        """Read, decode and encode a group, or a family. DatasetError and EncodingError name the group."""
        ready, *others = map(self._named, (rows, *twins))
        return replace(ready, twins=tuple(others))

    def attempt(self, groups: TwinGroups) -> ReadyGroup | UnusableGroup:
        """A group, or a family, encoded, or why it cannot be. DatasetError if the set cannot be read."""
        try:
            return self.encode(*groups)
        except (DamagedClipError, EncodingError) as error:
            return UnusableGroup.of(groups, error)

    def _named(self, rows: GroupRows) -> ReadyGroup:
        try:
            return self._encoded(rows)
        except EncodingError as error:
            raise EncodingError(f"group {rows.group_id}: {error}") from error

    def _encoded(self, rows: GroupRows) -> ReadyGroup:
        group = self.loader.load(rows, contrasts=bool(self.levels), every=self.every_negative)
        texts = [answer.text for answer in rows.answers]
        answers = self.family.encode(group.preferred, rows.question, texts)

        def chosen_on(visual: Visual) -> EncodedGroup:
            return self.family.encode(visual, rows.question, texts[:1])

        contrasts = (
            EncodedContrast(
                level=contrast.level,
                preferred=None if contrast.preferred is None else chosen_on(contrast.preferred),
                negative=chosen_on(contrast.negative),
                place=contrast.place,
                share=contrast.share,
            )
            for contrast in group.contrasts
            if contrast.level in self.levels
        )
        differing = self._differing(rows, answers) if self.marks_spans else None
        ready = ReadyGroup(rows, answers, tuple(contrasts), differing)
        for encoded in ready.visuals:
            _ = encoded.vision_key  # hashed in this thread, so that the training step does not wait for it
        return ready

    def _differing(self, rows: GroupRows, encoded: EncodedGroup) -> DifferingTokens:
        """The tokens that touch the stored spans of each pair. EncodingError if an answer has none."""

        def marked(pairs: Iterable[tuple[AnswerText, Sequence[TextSpan]]]) -> Tensor:
            marks_NT = torch.zeros(len(rows.rejected), max(encoded.answer_lengths), dtype=torch.bool)
            for marks_T, (answer, spans) in zip(marks_NT, pairs, strict=True):
                found = self.family.touched(rows.question, answer.text, [(span.start, span.end) for span in spans])
                marks_T[: len(found)] = torch.tensor(found)
            return marks_NT

        chosen_NT = marked((rows.chosen, answer.chosen_spans) for answer in rows.rejected)
        try:
            return DifferingTokens(chosen_NT, marked((answer, answer.spans) for answer in rows.rejected))
        except ValueError as error:
            raise EncodingError(str(error)) from error
