"""A Video-LLM in process, as those see it who ask it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch

from schemas.clip import Frame
from schemas.errors import ModelError
from stages.models.chat import ChatFrames, ChatRequest, ModelRole
from stages.models.chat_body import Dialogue
from stages.models.chat_server import CallFailedError, FailureKind
from stages.models.video_llm.local_model import LocalModel, noise
from stages.visuals.resolution import Resolution
from tests.trainer.groups_of_text import QUESTION, clip, family_of, model_of

NAME = "qwen2_5_vl"


def frame(place: int) -> Frame:
    """A stored frame of noise."""
    jpeg = cv2.imencode(".jpg", clip().frames_NHWC[place])[1].tobytes()
    return Frame(pts_seconds=float(place), jpeg=jpeg)


SHOWN = ChatFrames(tuple(map(frame, range(4))))
ASKED = ChatRequest(ModelRole.TARGET, QUESTION, "h", shown=SHOWN, max_tokens=8, temperature=1.0, top_p=0.9, n=3)


def local() -> LocalModel:
    """The tiny model, freshly opened."""
    return LocalModel(family_of(NAME), model_of(NAME, torch.float32))


def asked(request: ChatRequest) -> Dialogue:
    """The request as it is sent."""
    return Dialogue(request, request.text)


def test_answers_depend_on_their_dialogue_alone() -> None:
    """They are the same after other questions; the first ones of more answers are those of fewer; another seed, text
    or picture gives others; likeliest tokens are the same in every answer.
    """
    model = local()
    three = model.complete(asked(ASKED), 3)
    model.complete(asked(replace(ASKED, text="Which one is first?")), 2)
    assert model.complete(asked(ASKED), 3).texts == three.texts
    assert local().complete(asked(ASKED), 2).texts == three.texts[:2]
    others = [
        replace(ASKED, seed=1),
        replace(ASKED, text=QUESTION + " Say it."),
        replace(ASKED, shown=ChatFrames(SHOWN.frames[::-1], SHOWN.shown_seconds)),
        replace(ASKED, shown=ChatFrames()),
    ]
    found = [three.texts, *(model.complete(asked(other), 3).texts for other in others)]
    assert len(set(found)) == len(found)
    assert len(set(model.complete(asked(replace(ASKED, temperature=0.0)), 3).texts)) == 1


def test_an_answer_is_cut_or_ends() -> None:
    """A random model seldom ends in 8 tokens: its reply is as long as allowed, and says so; usage counts tokens."""
    said = local().complete(asked(ASKED), 3)
    assert set(said.finish_reasons) <= {"length", "stop"}
    assert "length" in said.finish_reasons
    assert said.refused == (False,) * 3
    assert said.usage is not None
    whole = sum(8 for reason in said.finish_reasons if reason == "length")
    assert whole <= said.usage.completion_tokens <= 24
    encoded = family_of(NAME).encode_dialogue(clip(4, fps=1.0), [QUESTION], 8)
    assert said.usage.prompt_tokens == encoded.prompt_length


def test_a_second_turn_is_read_after_the_first() -> None:
    """What was said before changes the answer, and the visual is not read again."""
    model, one = local(), asked(ASKED)
    first = model.complete(one, 1)
    again = model.complete(replace(one, reply="It is.", correction="Reply in JSON."), 1)
    assert again.texts != first.texts
    assert again.usage is not None
    assert again.usage.cached_prompt_tokens == family_of(NAME).visual_end(
        family_of(NAME).encode_dialogue(clip(4, fps=1.0), [QUESTION], 1)
    )


def test_choices_have_the_log_probability_of_their_token() -> None:
    """Of the first token, before temperature and top-p; of `A` and ` A` that of the likelier; a word of several tokens
    has none.
    """
    family, model = family_of(NAME), model_of(NAME, torch.float32)
    said = local().complete(asked(replace(ASKED, choices=("A", "B", "unlikely"))), 2)
    assert said.first_tokens is not None
    with torch.no_grad():
        shown = np.stack([cv2.imdecode(np.frombuffer(f.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) for f in SHOWN.frames])
        encoded = family.encode_dialogue(
            replace(clip(4, fps=1.0), frames_NHWC=shown, pts_seconds=np.arange(4.0)), [QUESTION], 1
        )
        out = model(
            input_ids=encoded.prompt_ids_P[None],
            position_ids=family.positions(model, encoded, encoded.answer_ids[0])[..., :-1],
            **encoded.vision,
        )
    logprobs_V = out.logits[0, -1].log_softmax(-1)
    ids = {c: [family.processor.tokenizer(gap + c)["input_ids"] for gap in ("", " ")] for c in "AB"}
    wanted = {c: max(float(logprobs_V[i[0]]) for i in found if len(i) == 1) for c, found in ids.items()}
    assert said.first_tokens[0] == pytest.approx(wanted, abs=1e-4)
    assert said.first_tokens[0] == said.first_tokens[1]


def test_what_the_model_cannot_read_is_rejected() -> None:
    """A special token in a text, a prompt beyond the context, and a stripe, as a server refuses them."""
    stripe = Frame(pts_seconds=0.0, jpeg=cv2.imencode(".jpg", np.zeros((3, 900, 3), np.uint8))[1].tobytes())
    for request, why in (
        (replace(ASKED, shown=ChatFrames((stripe,))), "refuses 1 frames of 900 x 3 pixels"),
        (replace(ASKED, text="Is it <|video_pad|>?"), "special token"),
        (replace(ASKED, max_tokens=5000), "allows 4096"),
    ):
        with pytest.raises(CallFailedError, match=why) as failed:
            local().complete(asked(request), 1)
        assert failed.value.kind is FailureKind.REJECTED


def test_too_little_memory_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the request that did not fit, and what to try."""

    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB")

    monkeypatch.setattr("stages.models.video_llm.prompts.PromptReader.read", full)
    with pytest.raises(ModelError, match=r"4 frames, 3 answers of up to 8 tokens.*try fewer or smaller frames"):
        local().complete(asked(ASKED), 3)


def test_frames_are_shown_as_large_as_in_training() -> None:
    """Frames beyond the resolution are scaled down, and a frame of another size is made to fit the first."""
    small = cv2.imencode(".jpg", clip().frames_NHWC[0, :42, :56])[1].tobytes()
    mixed = replace(ASKED, shown=ChatFrames((*SHOWN.frames, Frame(pts_seconds=9.0, jpeg=small))))
    tokens = []
    for resolution in (Resolution(), Resolution(short_side=56)):
        model = LocalModel(family_of(NAME), model_of(NAME, torch.float32), resolution)
        usage = model.complete(asked(mixed), 1).usage
        assert usage is not None
        tokens.append(usage.prompt_tokens)
    assert tokens[1] < tokens[0]


def test_each_answer_has_noise_of_its_own() -> None:
    """That of an answer is the same however many there are, and no two are alike."""
    few, many = noise(asked(ASKED), 2), noise(asked(ASKED), 4)
    assert few.tolist() == many[:2].tolist()
    assert len({tuple(row) for row in many.tolist()}) == 4
    assert noise(asked(replace(ASKED, text="Another?")), 2).tolist() != few.tolist()


def test_a_model_that_has_rested_answers_as_before() -> None:
    """It comes back when it is asked, and what it had read is gone; a model that is closed holds no weights."""
    model = local()
    before = model.complete(asked(ASKED), 2)
    model.rest()
    after = model.complete(asked(ASKED), 2)
    assert after.texts == before.texts
    assert after.usage is not None
    assert after.usage.cached_prompt_tokens == 0
    model.close()
    assert list(model.model.parameters()) == []
