"""A prompt that cannot be filled is one clear line before a run starts."""

import pytest

from prompts import prompt as prompts
from schemas.errors import RecipeError
from stages.ask import Ask
from stages.judge import JudgeAnswers
from stages.language.prompt_check import check_prompts
from stages.language.writer import LanguageWriter


def test_what_is_shipped_passes() -> None:
    """Every prompt of both steps can be filled."""
    Ask(language=LanguageWriter(annotated=True, relevant=True, irrelevant=1)).check()
    JudgeAnswers().check()


def test_a_wrong_placeholder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the prompt, what is missing and what is unused, in one line."""
    changed = prompts.prompt("target").model_copy(update={"text": "Answer {{ qestion }}"})
    monkeypatch.setattr("prompts.example.prompt", lambda _: changed)
    with pytest.raises(RecipeError, match=r"prompt target: missing \['qestion'\], unused \['question'\]") as raised:
        check_prompts(["target"])
    assert "\n" not in str(raised.value)
