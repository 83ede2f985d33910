"""A small base model that knows what answers look like and has a habit, for trials of what a training adds.

It is a Qwen2.5-VL of a few hundred thousand weights, trained from scratch on the chosen answers of a set, in batches.
Two things are taught: what the words for parts of a clip mean, on stretches that are made plainly dark; and the form of
the set's answers, on questions of which most have the same true answer. So it answers in whole sentences, sees a
little, and otherwise says what is usual. Axes: B row, L token, V vocabulary.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from schemas.shown import AS_STORED, EditKind, Shown
from stages.models.video_llm import open_family
from stages.models.video_llm.family import ModelFamily
from stages.seeding import rng_for
from stages.visuals.visual import Visual
from trainer.data.clips import GroupLoader
from trainer.data.records import GroupRows
from trainer.data.twins import TwinGroups, grouped_with_twins
from trainer.policy.tiny_model import TinyShape, write_tiny

_IGNORED = -100  # labels that cross_entropy leaves out
_DARKENED = 0.4  # factor on the pixels of a stretch that is made plain
_WHOLE_SHARE = 0.9  # an edit of more of the frames is no stretch that could be told from the rest


@dataclass(frozen=True)
class BaseSettings:
    """How the base model is made."""

    shape: TinyShape = field(default_factory=lambda: TinyShape(hidden=64, vocabulary=600, frame_tokens=4))
    steps: int = 250
    batch: int = 32
    """Examples of a step."""
    learning_rate: float = 3e-3
    habit: float = 0.85
    """Share of the examples whose true answer is the usual one of their question."""
    plain: float = 0.9
    """Share of the examples in which a stretch is dark instead of edited, where a question is about a stretch."""


def write_base(folder: Path, groups: Sequence[GroupRows], loader: GroupLoader, settings: BaseSettings) -> int:
    """Train the base model and write it to `folder`; returns the number of its weights."""
    texts = sorted({text for group in groups for text in (group.question, *(one.text for one in group.answers))})
    weights = write_tiny(folder, texts, settings.shape)
    family = open_family(str(folder))
    model: nn.Module = family.load(dtype=torch.float32).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98))
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, settings.learning_rate, total_steps=settings.steps, pct_start=0.1, anneal_strategy="linear"
    )
    for batch in batches(groups, loader, Examples(model, family), settings):
        optimiser.zero_grad()
        answer_loss(model, batch).backward()  # type: ignore[no-untyped-call]  # torch's own
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        rates.step()
    model.save_pretrained(folder)  # type: ignore[operator]  # of transformers
    return weights


@dataclass(frozen=True)
class Example:
    """One answer after its prompt, ready for a batch."""

    ids_L: Tensor
    """int64: prompt and answer."""
    labels_L: Tensor
    """int64: the answer's ids at their places, elsewhere a number that no loss counts."""
    places_3L: Tensor
    """Position ids: time, height, width."""
    vision: Mapping[str, Tensor]
    """The visual as keyword arguments of the model; its pixels in half precision, since many are held."""


@dataclass(frozen=True)
class Examples:
    """Makes examples for one model."""

    model: nn.Module
    family: ModelFamily

    def of(self, visual: Visual, question: str, answer: str) -> Example:
        """The example of one visual, question and answer."""
        encoded = self.family.encode(visual, question, [answer])
        [answer_ids_T] = encoded.answer_ids
        ids_L = torch.cat((encoded.prompt_ids_P, answer_ids_T))
        labels_L = torch.full_like(ids_L, _IGNORED)
        labels_L[encoded.prompt_length :] = answer_ids_T
        places_3L = self.family.positions(self.model, encoded, answer_ids_T)[:, 0]
        pixels = {name: tensor.half() for name, tensor in encoded.vision.items() if name.startswith("pixel")}
        return Example(ids_L, labels_L, places_3L, {**encoded.vision, **pixels})


def batches(
    groups: Sequence[GroupRows], loader: GroupLoader, examples: Examples, settings: BaseSettings
) -> Iterator[list[Example]]:
    """The examples of each step, drawn anew each time; an example that was drawn before is not encoded again."""
    rng = rng_for(0, "small policy", "base")
    questions, known = grouped_with_twins(groups), dict[tuple[str, bool], Example]()
    for _ in range(settings.steps):
        batch = []
        for number in rng.integers(len(questions), size=settings.batch):
            group = habitual(questions[number], settings.habit, rng)
            key = group.group_id, rng.random() < settings.plain
            if key not in known:
                known[key] = examples.of(_visual(group, loader, plain=key[1]), group.question, group.chosen.text)
            batch.append(known[key])
        yield batch


def habitual(twins: TwinGroups, habit: float, rng: Generator) -> GroupRows:
    """One of a group and its twins: with probability `habit` the one whose true answer is usual, else another.

    The usual answer is the first by alphabet, so equal questions about different clips share it.
    """
    usual, *others = sorted(twins, key=lambda group: (group.chosen.text, group.group_id))
    if not others or rng.random() < habit:
        return usual
    return others[int(rng.integers(len(others)))]


def _visual(group: GroupRows, loader: GroupLoader, *, plain: bool) -> Visual:
    """What the group shows; `plain`: the stored clip, the edited stretches dark instead, if it has any."""
    if plain:
        stored = loader.load(replace(group, shown=AS_STORED), contrasts=False).preferred
        if (made := darkened(stored, group.shown)) is not None:
            return made
    return loader.load(group, contrasts=False).preferred


def darkened(visual: Visual, shown: Shown) -> Visual | None:
    """The edited stretches dark, so that nobody can miss them; None if there are none, or they are nearly all of it."""
    seconds_N = visual.pts_seconds
    dark_N = np.zeros(visual.count, bool)
    for edit in shown.edits:
        if edit.kind is not EditKind.SEAM:
            dark_N |= (edit.start_seconds <= seconds_N) & (seconds_N < edit.end_seconds)
    if not 0 < dark_N.mean() <= _WHOLE_SHARE:
        return None
    frames_NHWC = visual.frames_NHWC.copy()
    frames_NHWC[dark_N] = (frames_NHWC[dark_N] * _DARKENED).astype(np.uint8)
    return Visual(frames_NHWC, seconds_N)


def answer_loss(model: nn.Module, batch: Sequence[Example]) -> Tensor:
    """Mean over the rows of -log pi(answer | visual, question).

    Rows are padded on the right, where a causal model does not look, so no mask is needed.
    """
    ids_BL = pad_sequence([example.ids_L for example in batch], batch_first=True)
    labels_BL = pad_sequence([example.labels_L for example in batch], batch_first=True, padding_value=_IGNORED)
    places_3BL = pad_sequence([example.places_3L.T for example in batch], batch_first=True).permute(2, 0, 1)
    vision = {name: torch.cat([example.vision[name] for example in batch]) for name in batch[0].vision}
    vision = {name: tensor.float() if tensor.dtype is torch.half else tensor for name, tensor in vision.items()}
    logits_BLV = model(input_ids=ids_BL, position_ids=places_3BL, use_cache=False, **vision).logits
    loss = cross_entropy(
        logits_BLV[:, :-1].flatten(0, 1), labels_BL[:, 1:].flatten(), ignore_index=_IGNORED, reduction="sum"
    )
    return loss / len(batch)
