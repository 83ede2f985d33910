"""Builds in which a model plays a role in process: it is asked as a server would be, and no server is asked for it."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.build.language_models import with_models
from pipeline.build.recipe import load_recipe
from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.dataset.finished_set import FinishedSet
from pipeline.endpoint.gate import read_usage
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import ServerSettings
from pipeline.storage.location import Location
from pipeline.verification.run import failures
from schemas.drop import DropReason, ItemType
from stages.models.chat import ModelRole
from stages.models.video_llm.file_digest import file_sha256
from tests.pipeline.runs import make_videos, shard_hashes
from tests.pipeline.written_clips import written_clips
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import write_adapter

pytestmark = [pytest.mark.process, pytest.mark.slow(40)]
NAME = "qwen2_5_vl"


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter with random weights on a model with random weights."""
    return write_adapter(NAME, tmp_path_factory.mktemp("policy"))


def test_a_policy_answers_what_a_server_asks(policy: Path, tmp_path: Path) -> None:
    """A server writes and judges, and a random policy is the target: its answers are cut off, so that each question is
    a drop that says so, unless the writer had none, and the account adds up. The same build offline gives the same
    bytes, and the set names the policy by its content.
    """
    clips = written_clips(tmp_path / "clips", 1)
    sets = ("ask.max_tokens=160", "ask.twin_questions=0", f"roles.target.checkpoint={policy}")
    with scripted_server(ServerSettings(manifest=str(clips.known))) as address:
        manifest = clips.build("videopasta", tmp_path / "ds", address, *sets)
    questions = manifest.account.line(ItemType.QUESTION)
    assert questions is not None
    reasons = Counter({count.reason: count.count for count in questions.dropped})
    assert questions.kept == 0
    assert reasons.total() == questions.produced
    assert reasons.keys() <= {DropReason.REPLY_TRUNCATED, DropReason.REPLY_UNPARSABLE, DropReason.NO_QUESTION}
    assert list(failures(FinishedSet.open(str(tmp_path / "ds")))) == []
    used = read_usage(Location.parse(str(tmp_path / "ds" / ".work" / "usage.json"))).roles[ModelRole.TARGET]
    assert used.spent.calls == 0
    assert used.in_process.calls >= reasons[DropReason.REPLY_TRUNCATED] > 0
    [target] = [use for use in manifest.models if use.role == "target"]
    sha256 = file_sha256(policy / "adapter_model.safetensors")
    assert (target.name, target.revision) == (f"{policy.name}@{sha256[:8]}", sha256)
    again = clips.build(
        "videopasta", tmp_path / "again", "http://127.0.0.1:9/v1", *sets, cache_of=tmp_path / "ds", offline=True
    )
    assert shard_hashes(again) == shard_hashes(manifest)


def test_a_set_belongs_to_what_a_checkpoint_holds(policy: Path, tmp_path: Path) -> None:
    """Not to where it lies: the fingerprint has the hashes of model and adapter, and not the path."""
    every = [f"roles.{role.value}.checkpoint={checkpoint(NAME)}" for role in ModelRole]

    def identity(target: Path) -> str:
        recipe = load_recipe("videopasta", [*every, f"roles.target.checkpoint={target}"])[1]
        found = with_models(recipe, str(tmp_path / "ds"), offline=False)
        assert found.roles.target.checkpoint == str(target.absolute())  # workers may have another working directory
        return found.identity("videopasta").fingerprint

    moved = Path(shutil.copytree(policy, tmp_path / policy.name))
    assert identity(policy) == identity(moved) != identity(checkpoint(NAME))


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"model_type": "qwen2"}, "qwen2 is a text model and sees no video"),
        ({"model_type": "no_such"}, "no model at"),
        (None, "there is no such folder"),
    ],
)
def test_a_model_that_cannot_be_asked_is_one_line_and_exit_2(
    config: dict[str, str] | None, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The role's key is named, before anything is read or asked."""
    model = tmp_path / "model"
    if config is not None:
        model.mkdir()
        (model / "config.json").write_text(json.dumps(config))
    every = [part for role in ModelRole for part in ("--set", f"roles.{role.value}.checkpoint={model}")]
    videos = make_videos(tmp_path / "videos", 1)
    command = ["build", "videopasta", "--videos", str(videos), "--out", str(tmp_path / "ds"), "--local", *every]
    code, said = exit_code(app, command), capsys.readouterr().err
    assert code == 2
    assert said.count("\n") == 1
    assert "roles.writer.checkpoint" in said
    assert why in said
    assert not (tmp_path / "ds").exists()
