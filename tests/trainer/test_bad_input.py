"""Bad input through `vidpref train`: exit code 2 and one line that says what was given and what to try.

Covers trainer/policy/device and requirements.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers as hf

import trainer.loop.train
from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.storage.location import Location
from pipeline.work.lock import output_locked
from schemas.errors import DivergedError, EncodingError, ModelError, TrainingError
from stages.models.video_llm.score import PathCheck, ScorePath
from tests.trainer.checkpoints import byte_tokenizer, checkpoint, text
from tests.trainer.trainings import recipe, request, run, training_set, write_training_set
from trainer.loop.checkpoint import MARKER, latest_complete
from trainer.loop.ranks import Rank
from trainer.loop.session import Session
from trainer.policy.policy import TrainedPolicy
from trainer.policy.trained import CHECKPOINTS, POLICY_FILE

pytestmark = pytest.mark.slow(30)

Train = Callable[..., tuple[int, str]]
SETTINGS = ("run.precision=float32", "data.num_frames=2", "data.max_groups=1", "data.held_out_share=0")
TINY = tuple(part for setting in SETTINGS for part in ("--set", setting))
"""A training of one step."""


@pytest.fixture
def train(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Train:
    """`vidpref train dpo` on the tiny set and model, with some arguments changed: (exit code, stderr)."""

    def program(*options: str, **changed: object) -> tuple[int, str]:
        given = {"data": training_set(), "model": checkpoint("qwen2_5_vl"), "out": tmp_path / "policy"} | changed
        named = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        capsys.readouterr()
        code = exit_code(app, ["train", "dpo", *named, *options])
        return code, capsys.readouterr().err

    return program


def one_line(outcome: tuple[int, str]) -> str:
    """The line on stderr, after checking that it is one line and that the exit code is 2."""
    code, said = outcome
    assert (code, said.count("\n")) == (2, 1), said
    assert said.startswith("vidpref: ")
    return said


def test_no_such_model(train: Train, tmp_path: Path) -> None:
    """The missing folder is named."""
    assert str(tmp_path / "nowhere") in one_line(train(model=tmp_path / "nowhere"))


def test_a_text_only_model(train: Train, tmp_path: Path) -> None:
    """The line says that the model sees no video, and names the supported ones."""
    tokenizer = byte_tokenizer({})
    hf.Qwen2ForCausalLM(hf.Qwen2Config(**text(tokenizer))).save_pretrained(tmp_path / "text")
    tokenizer.save_pretrained(tmp_path / "text")
    said = one_line(train(model=tmp_path / "text"))
    assert "sees no video" in said
    assert "qwen2_5_vl" in said


def test_a_large_model_without_a_gpu(train: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 7B model is refused by its configuration, before its weights are read."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    shutil.copytree(checkpoint("qwen2_5_vl"), tmp_path / "large")
    (tmp_path / "large" / "model.safetensors").unlink()
    config = json.loads((tmp_path / "large" / "config.json").read_text())
    large = {"hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28, "num_attention_heads": 28}
    config["text_config"] |= large | {"layer_types": ["full_attention"] * 28}
    (tmp_path / "large" / "config.json").write_text(json.dumps(config))
    said = one_line(train(model=tmp_path / "large"))
    assert "billion weights and this machine has no GPU" in said
    assert "--set engine.device=cpu" in said


def test_shards_of_another_version(train: Train, tmp_path: Path) -> None:
    """Both versions are named."""
    shutil.copytree(training_set(), tmp_path / "ds")
    content = json.loads((tmp_path / "ds" / "dataset.json").read_text())
    (tmp_path / "ds" / "dataset.json").write_text(json.dumps(content | {"schema_version": 99}))
    assert "schema version 99" in one_line(train(data=tmp_path / "ds"))


def test_a_clip_that_is_missing(train: Train, tmp_path: Path) -> None:
    """The clip that the pair refers to is named."""
    write_training_set(tmp_path / "ds", change=lambda pair: pair.model_copy(update={"clip_id": "gone"}))
    assert "clip gone is not in the set" in one_line(train(data=tmp_path / "ds"))


@pytest.mark.parametrize(
    ("file", "key", "named"),
    [("tokenizer_config.json", "eos_token", "EOS"), ("chat_template.jinja", None, "chat template")],
    ids=["eos", "template"],
)
def test_a_tokenizer_without(train: Train, tmp_path: Path, file: str, key: str | None, named: str) -> None:
    """The missing part is named."""
    model = tmp_path / "model"
    shutil.copytree(checkpoint("qwen2_5_vl"), model)
    if key is None:
        (model / file).unlink()
    else:
        content = json.loads((model / file).read_text())
        del content[key]
        (model / file).write_text(json.dumps(content))
    assert named in one_line(train(model=model))


def test_two_runs_into_one_folder(train: Train, tmp_path: Path) -> None:
    """While one run writes there, another is refused; a run of another recipe is refused with the difference."""
    out = tmp_path / "policy"
    (out / ".work").mkdir(parents=True)
    place = Location.parse(str(out))
    with output_locked(place, place / ".work" / "lock"):
        assert "being written by another run" in one_line(train())
    assert train(*TINY)[0] == 0
    assert "loss.beta: 0.1 -> 0.2" in one_line(train(*TINY, "--set", "loss.beta=0.2"))


def test_a_start_that_failed_claims_no_folder(train: Train) -> None:
    """A start that failed leaves the folder free for another recipe."""
    assert "does not exist" in one_line(train(*TINY, "--set", "engine.device=cuda"))
    assert "--merge would round" in one_line(train(*TINY, "--merge", "--set", "adapter.kind=qlora"))
    assert train(*TINY)[0] == 0


def test_a_loss_that_is_nan_stops_and_names_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With weights that are NaN no step is made, and no policy is written."""
    real = TrainedPolicy.as_reference

    def broken(policy: TrainedPolicy) -> Any:
        for name, parameter in policy.model.named_parameters():
            if "lora_B" in name:
                parameter.data.fill_(float("nan"))
        return real(policy)

    monkeypatch.setattr(TrainedPolicy, "as_reference", broken)
    with pytest.raises(DivergedError, match=r"step 1: the loss of group \S+ is nan \(rows \S+") as stopped:
        run(tmp_path / "policy", recipe(data={"max_groups": 2}))
    assert "\n" not in str(stopped.value)
    assert not (tmp_path / "policy" / "policy.json").exists()


def test_a_full_memory_ends_with_settings_to_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names keys that exist."""

    def full(_policy: TrainedPolicy) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(TrainedPolicy, "as_reference", full)
    with pytest.raises(TrainingError, match=r"the memory of cpu is full.*engine\.checkpointing=true"):
        run(tmp_path / "policy", recipe(data={"max_groups": 1}))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--set", "loss.betta=1"), "did you mean beta?"),
        (("--set", "data.rows=chosen"), "data.rows chosen has no rejected answers"),
        (("--set", "loss.form=ipo", "--set", "loss.label_smoothing=0.1"), "label_smoothing"),
        (("--set", "adapter.train_vision=true"), "train_vision needs kind full"),
        (("--set", "engine.device=cpu", "--set", "engine.eight_bit_optimiser=true"), "bitsandbytes"),
        (("--set", "engine.device=cpu", "--set", "adapter.kind=qlora"), "bitsandbytes"),
        (("--set", "engine.device=cuda"), "engine.device cuda:0 does not exist; this machine has cpu"),
        (("--set", "engine.device=cuda:1"), "CUDA_VISIBLE_DEVICES selects the GPU"),
        (("--set", "engine.device=gpu"), "engine.device gpu does not exist; this machine has cpu"),
    ],
)
def test_a_recipe_that_cannot_be_done(train: Train, options: tuple[str, ...], named: str) -> None:
    """The key, or the missing package, is named."""
    assert named in one_line(train(*options))


def test_a_run_resumes_only_from_its_own_layout(train: Train, tmp_path: Path) -> None:
    """A checkpoint of another layout is refused in one line, and stays."""
    assert train(*TINY)[0] == 0
    out = tmp_path / "policy"
    marker = latest_complete(out / CHECKPOINTS) / MARKER  # type: ignore[operator]
    marker.write_text(marker.read_text().replace("whole, moments in 32 bit", "fsdp, moments in 32 bit"))
    (out / POLICY_FILE).unlink()
    assert "is fsdp, moments in 32 bit, this run would write whole, moments in 32 bit" in one_line(train(*TINY))
    assert marker.is_file()


def test_processes_that_share_a_model_need_answers_that_share_a_prompt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scored unshared, groups of different size would make different numbers of passes, and processes wait for ever."""
    found = PathCheck(ScorePath.UNSHARED, 1.0, 1e-4, "it differs")
    monkeypatch.setattr(trainer.loop.train, "compare_paths", lambda *_, **__: found)
    with pytest.raises(ModelError, match=r"engine\.sharding=fsdp needs answers that share their prompt"):
        trainer.loop.train.train(request(tmp_path / "policy", recipe()), lambda _: None, Rank(0, 2, sharded=True))


def test_a_group_that_does_not_fit_is_named(tmp_path: Path) -> None:
    """The line names the group and the problem: here its question holds a special token."""
    session = Session(request(tmp_path / "policy", recipe()), Rank(), lambda _: None)
    rows = session.data.groups[0]
    steering = replace(rows, question="<|im_end|> What moves?")
    with pytest.raises(EncodingError, match=rf"group {rows.group_id}: .*holds the special token"):
        session.encoder.encode(steering)


@pytest.mark.parametrize(
    "command",
    [["evaluate", "--data", "ds"], ["ask", "What moves?", "--video", "v.mp4"]],
    ids=lambda c: c[0],
)
@pytest.mark.parametrize(
    ("text", "problem"), [("{", "policy.json is damaged: "), (None, "has not finished: there is no policy.json")]
)
def test_a_policy_without_a_sound_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], text: str | None, problem: str
) -> None:
    """Whatever uses a policy refuses a damaged policy.json, and a training that has not written it yet."""
    (tmp_path / CHECKPOINTS).mkdir()
    if text is not None:
        (tmp_path / POLICY_FILE).write_text(text)
    code = exit_code(app, [*command, "--policy", str(tmp_path)])
    assert problem in one_line((code, capsys.readouterr().err))


def test_a_damaged_manifest_is_not_a_finished_training(train: Train, tmp_path: Path) -> None:
    """The same command again does not take the policy for finished."""
    assert train(*TINY)[0] == 0
    (tmp_path / "policy" / POLICY_FILE).write_text("[]")
    assert f"--out {tmp_path / 'policy'}: policy.json is damaged" in one_line(train(*TINY))
