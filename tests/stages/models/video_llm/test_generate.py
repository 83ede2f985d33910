"""Generation: the answer is transformers' own, ends at EOS, and is judged by its form and its match."""

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from stages.models.video_llm.generate import Generated, Match, continued, generate, read_prompt
from tests.trainer.checkpoints import FAMILIES
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip, family_of, group_of, model_of

TOKENS = 12


@pytest.mark.parametrize("name", FAMILIES)
def test_the_answer_is_that_of_transformers(name: str) -> None:
    """Greedy decoding by transformers on the processor's own output gives the same text, with features known or not."""
    family, model, group = family_of(name), model_of(name, torch.float64), group_of(name, 1)
    inputs = family.process(clip(), family.prompt(QUESTION))
    eos = family.processor.tokenizer.eos_token_id
    with torch.no_grad():
        ids = model.generate(**inputs, max_new_tokens=TOKENS, do_sample=False, eos_token_id=eos)
        features = family.features(model, group)
    expected = family.processor.tokenizer.decode(ids[0, group.prompt_length :], skip_special_tokens=True).strip()
    assert generate(model, family, group, TOKENS).text == expected
    assert generate(model, family, group, TOKENS, features).text == expected


def test_a_prompt_is_read_once_for_several_continuations() -> None:
    """Each from a copy of the same prefix: all write what `generate` writes, and none reads the prompt again."""
    family, model, group = family_of("qwen2_5_vl"), model_of("qwen2_5_vl", torch.float64), group_of("qwen2_5_vl", 1)
    prefix = read_prompt(model, family, group, TOKENS, None)
    read: list[int] = []
    hook = model.register_forward_pre_hook(
        lambda _, __, given: read.append(given["input_ids"].shape[1]), with_kwargs=True
    )
    copies = [replace(prefix, cache=deepcopy(prefix.cache)) for _ in range(2)]
    one, other = (list(continued(model, copy, ())) for copy in copies)
    hook.remove()
    assert one == other
    assert len(one) == TOKENS
    assert read == [1] * 2 * (TOKENS - 1)
    decode = family.processor.tokenizer.decode
    wanted = generate(model, family, group, TOKENS)
    assert decode(one[: wanted.tokens], skip_special_tokens=True).strip() == wanted.text


class Scripted(nn.Module):
    """A model that writes given tokens, whatever it is shown."""

    def __init__(self, ids: list[int], vocabulary: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self._left, self._vocabulary = list(ids), vocabulary

    def forward(self, **_: Any) -> SimpleNamespace:
        """Logits under which the next token of the script is the likeliest."""
        logits = torch.zeros(1, 1, self._vocabulary)
        logits[0, 0, self._left.pop(0)] = 1.0
        return SimpleNamespace(logits=logits, past_key_values=None)


def written(text: str, *, eos: bool, limit: int) -> Generated:
    """What becomes of a model that writes `text`, and EOS after it or not."""
    family, group = family_of("llava_onevision"), group_of("llava_onevision", 1)
    tokenizer = family.processor.tokenizer
    ids = tokenizer(text)["input_ids"] + [tokenizer.eos_token_id] * eos
    return generate(Scripted(ids + [0] * limit, len(tokenizer)), family, group, limit)


def test_an_answer_ends_at_eos() -> None:
    """The model is not asked after EOS, and EOS is not part of text and length."""
    said = written(ANSWERS[0], eos=True, limit=60)
    assert (said.text, said.ended, said.is_whole) == (ANSWERS[0], True, True)
    assert said.tokens == len(family_of("llava_onevision").processor.tokenizer(ANSWERS[0])["input_ids"])


def test_an_answer_that_the_limit_cuts_is_not_whole() -> None:
    """It has as many tokens as allowed, and no end, even if it looks like a sentence."""
    family = family_of("llava_onevision")
    limit = len(family.processor.tokenizer(ANSWERS[1])["input_ids"])
    said = written(ANSWERS[1], eos=True, limit=limit)
    assert (said.text, said.tokens, said.ended, said.is_whole) == (ANSWERS[1], limit, False, False)


@pytest.mark.parametrize(
    ("text", "whole"), [("It is red.", True), ("It is", False), ("", False), ("...", False), ("Is it red?", True)]
)
def test_valid_form_is_a_complete_sentence(text: str, whole: bool) -> None:
    """It ends as a sentence does and holds a word."""
    assert Generated(text, 3, ended=True).is_whole == whole
    assert not Generated(text, 3, ended=False).is_whole


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("it is RED", Match.CHOSEN),
        ("It is blue!", Match.REJECTED),
        ("It is red, I think.", Match.NEITHER),
        ("", Match.NEITHER),
    ],
)
def test_a_match_is_equality_after_normalising(text: str, match: Match) -> None:
    """Case and punctuation do not count, words do."""
    assert Generated(text, 3, ended=True).match("It is red.", ["It is blue.", "It is pink."]) is match
