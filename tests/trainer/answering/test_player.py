"""What plays a role: a model, or the policy of a training, known before it is opened."""

import shutil
from pathlib import Path

import pytest
import torch

from schemas.errors import ModelError
from stages.models.chat import NO_FRAMES, ChatRequest, ModelRole
from stages.models.chat_body import Dialogue
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import manifest_of, write_adapter
from trainer.answering.player import Player
from trainer.policy.trained import write_manifest
from trainer.recipe import TrainRecipe

NAME = "qwen2_5_vl"
OPTION, ON_CPU = "roles.target.checkpoint", "--set endpoint.device=cpu"
ASKED = ChatRequest(ModelRole.TARGET, "Which colour has the sky?", "h", shown=NO_FRAMES, max_tokens=6)


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The --out of a training, as far as it is looked at."""
    folder = write_adapter(NAME, tmp_path_factory.mktemp("policy"))
    recipe = TrainRecipe.model_validate({"data": {"short_side": 84, "max_pixels": 5000}})
    write_manifest(folder, manifest_of(str(checkpoint(NAME)), recipe))
    return folder


def player(path: Path) -> Player:
    return Player.at(str(path), OPTION, ON_CPU)


def test_it_is_known_by_what_it_holds(adapter: Path, tmp_path: Path) -> None:
    """A copy elsewhere is the same; an adapter adds its own hash to that of its base; another number is another."""
    base, policy = player(checkpoint(NAME)), player(adapter)
    assert (base.name, policy.name) == (NAME, f"{adapter.name}@{(policy.adapter_sha256 or '')[:8]}")
    assert player(Path(shutil.copytree(checkpoint(NAME), tmp_path / "copy"))).sha256 == base.sha256 == policy.sha256
    assert base.adapter_sha256 is None
    assert player(Path(shutil.copytree(adapter, tmp_path / "policy"))).adapter_sha256 == policy.adapter_sha256
    other = player(write_adapter(NAME, tmp_path / "other", seed=1))
    assert other.adapter_sha256 not in (None, policy.adapter_sha256)


def test_an_adapter_is_on_and_frames_are_as_in_training(adapter: Path) -> None:
    """The policy answers otherwise than its base, and knows how large its training showed frames."""
    opened = [player(path).open("cpu") for path in (checkpoint(NAME), adapter)]
    base, policy = (one.complete(Dialogue(ASKED, ASKED.text), 1).texts for one in opened)
    assert base != policy
    assert opened[0].resolution.short_side is None
    assert (opened[1].resolution.short_side, opened[1].resolution.max_pixels) == (84, 5000)


def test_what_cannot_play_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing folder, a text model, a model too large for a CPU or for the memory: each names the role's key."""
    with pytest.raises(ModelError, match=r"roles\.target\.checkpoint nowhere: there is no such folder"):
        player(Path("nowhere"))
    (tmp_path / "config.json").write_text('{"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"]}')
    with pytest.raises(ModelError, match="qwen2 is a text model and sees no video"):
        assert player(tmp_path).sha256
    with monkeypatch.context() as patched:
        patched.setattr("trainer.policy.device._MOST_ON_A_CPU", 1000)
        patched.setattr(torch.cuda, "is_available", lambda: False)
        with pytest.raises(ModelError, match=r"roles\.target\.checkpoint.*--set endpoint\.device=cpu to try anyway"):
            player(checkpoint(NAME)).open(None)


def test_a_context_that_is_too_small_is_found_without_weights() -> None:
    """At 64 tokens a pair of frames, 32 frames are 1,024 of the 4,096 tokens that the tiny model has."""
    player(checkpoint(NAME)).refuse_unfit(32, 448, 512)
    player(checkpoint(NAME)).refuse_unfit(0, 448, 512)
    with pytest.raises(
        ModelError, match=r"cannot be shown 32 frames of short side 448 with room for 4000 tokens.*4096"
    ):
        player(checkpoint(NAME)).refuse_unfit(32, 448, 4000)
