"""A Video-LLM in this process answers dialogues about frames, as a server would.

It samples from the whole distribution that temperature and top-p leave, whatever the checkpoint's own settings of
generation are.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from schemas.errors import EncodingError, ModelError
from stages.models.chat import ChatFrames, ChatUsage
from stages.models.chat_body import Dialogue
from stages.models.chat_server import CallFailedError, Completion, FailureKind
from stages.models.video_llm.chat import bare
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily
from stages.models.video_llm.generate import Prefix, stops_of
from stages.models.video_llm.prompts import PromptReader
from stages.models.video_llm.samples import TokenDraw, samples
from stages.models.video_llm.score import release_memory
from stages.seeding import rng_for
from stages.visuals.resolution import AS_LARGE_AS_STORED, Resolution
from stages.visuals.visual import Visual, decoded_jpeg


@dataclass
class LocalModel:
    """Answers one dialogue after the other; an answer depends on nothing but its own dialogue."""

    family: ModelFamily
    model: nn.Module
    """In evaluation mode, with the adapters that it is to have."""
    resolution: Resolution = AS_LARGE_AS_STORED
    """How large it is shown frames."""

    def __post_init__(self) -> None:
        self._device, self._rests = next(self.model.parameters()).device, False

    @cached_property
    def _prompts(self) -> PromptReader:
        return PromptReader(self.model, self.family)

    def complete(self, dialogue: Dialogue, count: int) -> Completion:
        """`count` answers to the last thing that was said.

        Raises: CallFailedError (REJECTED) if the dialogue does not fit the model; ModelError if its device has too
        little memory.
        """
        request = dialogue.request
        self._wake()
        try:
            encoded = self.family.encode_dialogue(self._visual(request.shown), dialogue.texts, request.max_tokens)
        except EncodingError as error:
            raise CallFailedError(FailureKind.REJECTED, str(error)) from None
        try:
            with _one_thread(self._device):
                prefix, known = self._prompts.read(encoded)
                answers = self._answers(dialogue, encoded, prefix, count)
        except torch.OutOfMemoryError as error:
            shown = f"{len(request.shown.frames)} frames, " if request.shown.frames else ""
            raise ModelError(
                f"{self.family.path}: a prompt of {encoded.prompt_length} tokens ({shown}{count} answers of up to "
                f"{request.max_tokens} tokens) does not fit into the memory of its device; try fewer or smaller frames "
                "(decode.num_frames, decode.short_side), or a larger GPU"
            ) from error
        usage = ChatUsage(
            prompt_tokens=encoded.prompt_length,
            completion_tokens=sum(map(len, answers)),
            cached_prompt_tokens=known,
        )
        stops = stops_of(self.model, encoded)
        return Completion(
            texts=tuple(self._text(ids, stops) for ids in answers),
            finish_reasons=tuple("stop" if ids[-1] in stops else "length" for ids in answers),
            refused=(False,) * count,
            first_tokens=(self._scores(request.choices, prefix.logits_V),) * count if request.choices else None,
            usage=usage,
        )

    def rest(self) -> None:
        """Leave the device to others: the weights wait in the host's memory. A model in 4 bit stays where it is."""
        self.__dict__.pop("_prompts", None)  # what was read lies on the device, too
        if not getattr(bare(self.model), "is_quantized", False):
            self.model.to("cpu")
            self._rests = True
        release_memory()

    def close(self) -> None:
        """Let weights and device go."""
        self.__dict__.pop("_prompts", None)
        self.model = nn.Identity()
        release_memory()

    def _wake(self) -> None:
        """Bring the weights back if they wait."""
        if not self._rests:
            return
        try:
            self.model.to(self._device)
            self._rests = False
        except torch.OutOfMemoryError as error:
            raise ModelError(
                f"{self.family.path} does not fit into the memory of {self._device} beside what is there; "
                "try a larger GPU"
            ) from error

    def _answers(self, dialogue: Dialogue, encoded: EncodedGroup, prefix: Prefix, count: int) -> list[list[int]]:
        """The tokens of all answers; likeliest tokens are the same for all, so that they are written once."""
        request = dialogue.request
        noise_KT = torch.from_numpy(noise(dialogue, 1 if request.temperature == 0 else count))
        written = samples(
            self.model,
            prefix,
            noise_KT,
            TokenDraw(request.temperature, request.top_p),
            stops_of(self.model, encoded),
            shared=self.family.unshared_because is None,
        )
        return written * (count // len(written))

    def _text(self, ids: Sequence[int], stops: set[int]) -> str:
        written = ids[:-1] if ids[-1] in stops else ids
        return str(self.family.processor.tokenizer.decode(written, skip_special_tokens=True)).strip()

    def _scores(self, choices: Sequence[str], logits_V: Tensor) -> dict[str, float]:
        """Log-probability of each choice that is one token: of tokens that differ in spaces alone, the likeliest."""
        logprobs_V = logits_V.float().log_softmax(-1)
        found = {choice: self._tokens_of(choice) for choice in choices}
        return {choice: float(logprobs_V[list(ids)].max()) for choice, ids in found.items() if ids}

    def _tokens_of(self, choice: str) -> set[int]:
        """The tokens that are a choice, with or without white space before it."""
        tokenizer = self.family.processor.tokenizer
        found = (tokenizer(gap + choice, add_special_tokens=False)["input_ids"] for gap in ("", " ", "\n"))
        lasts = {int(ids[-1]) for ids in found if ids}
        return {token for token in lasts if str(tokenizer.decode([token])).strip() == choice}

    def _visual(self, shown: ChatFrames) -> Visual | None:
        """The frames as a video, all of the first one's size, at the times that are written before them."""
        if not shown.frames:
            return None
        frames = [self.resolution.fitted(decoded_jpeg(frame, "a frame of a clip")) for frame in shown.frames]
        height, width = frames[0].shape[:2]
        same = [frame if frame.shape[:2] == (height, width) else cv2.resize(frame, (width, height)) for frame in frames]
        return Visual(np.stack(same), np.array(shown.shown_seconds))


@contextmanager
def _one_thread(device: torch.device) -> Iterator[None]:
    """On a CPU, compute on one thread: with more, sums come in another order, and replies change with the machine."""
    threads = torch.get_num_threads()
    if device.type == "cpu":
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def noise(dialogue: Dialogue, count: int) -> NDArray[np.float64]:
    """For each token of each answer a number from 0 to below 1, (K, T): those of another dialogue are others.

    An answer's numbers do not depend on how many answers are asked for.
    """
    request = dialogue.request
    about = hashlib.sha256("\0".join((request.shown.sha256, *dialogue.texts)).encode()).hexdigest()
    rngs = (rng_for(request.seed, "sample", f"{about} {number}") for number in range(count))
    return np.stack([rng.random(request.max_tokens) for rng in rngs])
