"""Several answers to one prompt: each is what the model would write alone, drawn as transformers draws."""

from collections import Counter

import pytest
import torch
from transformers import LogitsProcessorList, TemperatureLogitsWarper, TopPLogitsWarper

from stages.models.video_llm.generate import generate, read_prompt
from stages.models.video_llm.prompts import PromptReader
from stages.models.video_llm.samples import TokenDraw, samples
from tests.trainer.checkpoints import FAMILIES
from tests.trainer.groups_of_text import QUESTION, clip, family_of, group_of, model_of

TOKENS, ANSWERS = 12, 3
NOISE_KT = torch.rand((ANSWERS, TOKENS), generator=torch.Generator().manual_seed(0))


def written(name: str, sampling: TokenDraw, stops: tuple[int, ...] = (), *, shared: bool = True) -> list[list[int]]:
    """What a tiny model writes in float64."""
    family, model = family_of(name), model_of(name, torch.float64)
    prefix = read_prompt(model, family, family.encode_dialogue(clip(), [QUESTION], TOKENS), TOKENS, None)
    return samples(model, prefix, NOISE_KT, sampling, stops, shared=shared)


@pytest.mark.parametrize("name", FAMILIES)
def test_answers_side_by_side_are_those_written_alone(name: str) -> None:
    """In each family, for the same noise; the three differ, and temperature 0 writes what `generate` writes."""
    drawn = TokenDraw(1.0, 0.95)
    assert written(name, drawn) == written(name, drawn, shared=False)
    assert len({tuple(ids) for ids in written(name, drawn)}) == ANSWERS
    greedy = written(name, TokenDraw(0.0))
    wanted = generate(model_of(name, torch.float64), family_of(name), group_of(name, 1), TOKENS)
    decode = family_of(name).processor.tokenizer.decode
    assert {decode(ids[: wanted.tokens], skip_special_tokens=True).strip() for ids in greedy} == {wanted.text}


def test_an_answer_ends_at_its_stop_and_the_others_go_on() -> None:
    """The answers with a stop are those without it, cut behind the first one; the others keep all their tokens."""
    name = "qwen2_5_vl"
    whole = written(name, TokenDraw(1.0))
    stop = whole[0][2]
    cut = [ids[: ids.index(stop) + 1] if stop in ids else ids for ids in whole]
    assert written(name, TokenDraw(1.0), (stop,)) == cut
    assert len({len(ids) for ids in cut}) > 1


@pytest.mark.parametrize(("temperature", "top_p"), [(1.0, 1.0), (1.0, 0.95), (0.7, 0.5), (2.0, 0.05)])
def test_tokens_are_drawn_from_what_transformers_leaves(temperature: float, top_p: float) -> None:
    """Over evenly spaced noise each token comes up as often as transformers' own warpers give it probability."""
    logits_V = 2 * torch.randn(40, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    warpers = LogitsProcessorList([TemperatureLogitsWarper(temperature), TopPLogitsWarper(top_p)])
    wanted = warpers(torch.zeros((1, 1), dtype=torch.long), logits_V[None].clone()).softmax(-1)[0]
    points = 20_000
    noise = (torch.arange(points, dtype=torch.float64) + 0.5) / points
    found = Counter(TokenDraw(temperature, top_p).drawn(logits_V.expand(points, -1), noise).tolist())
    assert [found[token] / points for token in range(40)] == pytest.approx(wanted.tolist(), abs=1.5 / points)


def test_the_largest_noise_draws_a_token_that_may_be_drawn() -> None:
    """Rounding never leads past the last token that top-p leaves."""
    logits_V = torch.tensor([3.0, 2.0, 1.0, -1e9])
    last = torch.tensor([1 - 2**-24])
    assert TokenDraw(1.0, 1.0).drawn(logits_V[None], last).item() == 2
    assert TokenDraw(1.0, 0.7).drawn(logits_V[None], last).item() == 1


@pytest.mark.parametrize("name", FAMILIES)
def test_a_visual_is_read_once_for_all_prompts_about_it(name: str) -> None:
    """In parts, and after other prompts, a prompt gives what it gives when read at once; a prompt without a visual, or
    with another one, takes nothing from the one before.
    """
    family, model = family_of(name), model_of(name, torch.float64)
    reader = PromptReader(model, family)
    dialogues = [
        (clip(), [QUESTION]),
        (clip(), ["What else?", "Nothing.", "Are you sure of that?"]),
        (None, ["Which colour has the sky?"]),
        (clip(seed=1), [QUESTION]),
        (clip(seed=1), [QUESTION]),
    ]
    known, logits = [], []
    for visual, said in dialogues:
        encoded = family.encode_dialogue(visual, said, TOKENS)
        prefix, before = reader.read(encoded)
        once = read_prompt(model, family, encoded, TOKENS, None)
        torch.testing.assert_close(prefix.logits_V, once.logits_V)
        assert torch.equal(prefix.positions, once.positions)
        samples(model, prefix, NOISE_KT, TokenDraw(0.0), ())
        known.append(before)
        logits.append(prefix.logits_V)
    end = family.visual_end(family.encode_dialogue(clip(), [QUESTION], 1))
    assert known == [0, end, 0, 0, end]
    assert torch.equal(logits[3], logits[4])
