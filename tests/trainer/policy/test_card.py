"""The card of a policy."""

import pytest

from schemas.policy import PolicyKind
from tests.trainer.policies import manifest_of
from trainer.policy.card import policy_card
from trainer.recipe import TrainRecipe


@pytest.mark.parametrize(
    ("kind", "library", "loads"),
    [
        (PolicyKind.ADAPTER, "peft", 'PeftModel.from_pretrained(base, "my-policy")'),
        (PolicyKind.WEIGHTS, "transformers", 'policy = AutoModelForImageTextToText.from_pretrained("my-policy"'),
    ],
)
def test_a_card_says_what_the_policy_is_and_how_to_load_it(kind: PolicyKind, library: str, loads: str) -> None:
    """The library, the base model and the lines of Python are those of the kind of policy."""
    card = policy_card("my-policy", manifest_of("someone/some-model", TrainRecipe(), kind))
    assert card.startswith(f'---\nlibrary_name: {library}\nbase_model: "someone/some-model"\n')
    assert loads in card
    assert ("import PeftModel" in card) is (kind is PolicyKind.ADAPTER)
    code = card.split("```python\n")[1].split("```")[0]
    compile(code, "card", "exec")
