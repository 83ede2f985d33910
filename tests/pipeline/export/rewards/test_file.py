"""rewards.py as each trainer imports it.

Its ends are pipeline.export.rewards.trl, pipeline.export.rewards.ms_swift, pipeline.export.rewards.verl and
pipeline.export.rewards.easyr1.
"""

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.export.rewards.file import Trainer, rewards_py
from pipeline.export.rewards.truth import choice_truth

_RIGHT, _WRONG = "<answer>B</answer>", "<answer>C</answer>"
_TRUTH = choice_truth(1, 2)


@pytest.fixture(autouse=True)
def _swift(monkeypatch: pytest.MonkeyPatch) -> None:
    """What rewards.py of ms-swift imports: a table that a plugin adds its rewards to."""
    rewards = ModuleType("swift.rewards")
    rewards.orms = {}  # type: ignore[attr-defined]  # an attribute of a made module
    monkeypatch.setitem(sys.modules, "swift", ModuleType("swift"))
    monkeypatch.setitem(sys.modules, "swift.rewards", rewards)


def _imported(trainer: Trainer) -> dict[str, Any]:
    module: dict[str, Any] = {}
    exec(compile(rewards_py(trainer), "rewards.py", "exec"), module)  # noqa: S102 as a trainer does
    return module


@pytest.mark.parametrize("trainer", ["trl", "ms_swift", "verl", "easyr1"])
def test_the_file_needs_nothing_of_this_package(trainer: Trainer) -> None:
    """It is imported where only the trainer is installed: Python's own library, and of trainers ms-swift's table."""
    needed = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(rewards_py(trainer)))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert needed - set(sys.stdlib_module_names) == ({"swift"} if trainer == "ms_swift" else set())


def test_trl_calls_a_function_with_texts_or_messages_and_the_columns_of_the_rows() -> None:
    """GRPOTrainer gives prompts, completions, completion_ids and each column, and wants one number each."""
    proven = _imported("trl")["proven"]
    given: dict[str, Any] = {"prompts": ["", ""], "completion_ids": [[], []], "solution": [_TRUTH, _TRUTH]}
    messages = [[{"role": "assistant", "content": said}] for said in (_RIGHT, _WRONG)]
    assert proven(completions=[_RIGHT, _WRONG], **given) == [0.5, -0.5]
    assert proven(completions=messages, **given) == [0.5, -0.5]


def test_ms_swift_finds_a_class_in_its_table_and_calls_what_it_makes() -> None:
    """`--external_plugins rewards.py --reward_funcs vidpref` makes orms["vidpref"](args=...)."""
    _imported("ms_swift")
    made = sys.modules["swift.rewards"].orms["vidpref"](args=None)
    assert made([_RIGHT, _WRONG], solution=[_TRUTH, _TRUTH], trainer_state=None) == [0.5, -0.5]


def test_verl_calls_compute_score_with_four_names() -> None:
    """One number for one completion."""
    compute_score = _imported("verl")["compute_score"]
    given = {"data_source": "vidpref", "ground_truth": _TRUTH, "extra_info": {"index": 0}}
    assert compute_score(solution_str=_RIGHT, **given) == 0.5
    assert compute_score(solution_str=_WRONG, **given) == -0.5


def test_easyr1_calls_compute_score_with_a_batch() -> None:
    """It wants one record each, whose `overall` it trains on."""
    compute_score = _imported("easyr1")["compute_score"]
    batch = [{"response": said, "response_length": 3, "ground_truth": _TRUTH} for said in (_RIGHT, _WRONG)]
    assert compute_score(batch) == [{"overall": 0.5}, {"overall": -0.5}]


def test_the_file_is_what_the_wheel_holds(tmp_path: Path) -> None:
    """Written down, it is a module with a docstring that says how it is given to the trainer."""
    (tmp_path / "rewards.py").write_text(rewards_py("trl"))
    assert "GRPOTrainer(reward_funcs" in str(ast.get_docstring(ast.parse((tmp_path / "rewards.py").read_text())))
