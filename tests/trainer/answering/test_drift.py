"""KL divergence along an answer: exact, per token, with the adapter on and off."""

from pathlib import Path

import pytest
import torch
from peft import PeftModel
from torch.nn.functional import kl_div

from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip, family_of
from tests.trainer.policies import write_adapter
from trainer.answering.drift import kl_along
from trainer.policy.side_by_side import Placement, Policy, open_side_by_side
from trainer.recipe import Precision

pytestmark = pytest.mark.slow(8)

NAME = "qwen2_5_vl"


def test_it_is_the_divergence_of_whole_distributions(tmp_path: Path) -> None:
    """Equal to torch's KL of the two models' softmax at each token of the answer and its EOS; 0 from itself."""
    adapter = write_adapter(NAME, tmp_path / "adapter")
    base, policy = open_side_by_side(Policy.at(str(adapter)), Placement("cpu", Precision.FLOAT64))
    found_T = kl_along(base, policy, clip(), QUESTION, ANSWERS[0])
    family = family_of(NAME)
    plain = family.load(dtype=torch.float64)
    encoded = family.encode(clip(), QUESTION, [ANSWERS[0]])
    [answer_T] = encoded.answer_ids
    inputs = {
        "input_ids": torch.cat((encoded.prompt_ids_P, answer_T))[None],
        "position_ids": family.positions(plain, encoded, answer_T),
        **encoded.vision,
    }
    with torch.no_grad():
        before_TV = plain(**inputs).logits[0, encoded.prompt_length - 1 : -1].log_softmax(-1)
        adapted = PeftModel.from_pretrained(plain, adapter)
        after_TV = adapted(**inputs).logits[0, encoded.prompt_length - 1 : -1].log_softmax(-1)
    expected_T = kl_div(after_TV, before_TV, reduction="none", log_target=True).sum(-1)
    torch.testing.assert_close(found_T, expected_T)
    assert len(found_T) == len(answer_T)
    assert float(found_T.min()) > 0
    assert float(kl_along(base, base, clip(), QUESTION, ANSWERS[0]).abs().max()) == pytest.approx(0, abs=1e-12)
