"""`vidpref push` uploads what a reader needs, and nothing else, to a hub that is a server of this machine."""

import io
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import huggingface_hub.constants
import pytest
from datasets import load_dataset
from rich.console import Console

from pipeline.audit.options import AuditOptions
from pipeline.audit.run import run_audit
from pipeline.dataset.finished_set import FinishedSet
from pipeline.push import run as push_run
from pipeline.push.run import PushOptions, run_push
from schemas.errors import DatasetError, OutputError, UserError
from tests.finished import write_set
from tests.pipeline.push.hub import Hub, local_hub

# the client's own way to send a file is one that its HTTP library warns of
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that the client takes for the only one."""
    with local_hub() as hub:
        monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", hub.address)
        monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setenv("HF_TOKEN", "hf_of_nobody")
        yield hub


def test_a_set_arrives_whole_and_opens(hub: Hub, tmp_path: Path) -> None:
    """Every shard, the account, the audit and a card that holds it; no reply, no review. The copy opens by split."""
    path = write_set(tmp_path / "ds", videos=4).path
    run_audit(Console(quiet=True), AuditOptions(str(path)))
    for name in (".work/replies/secret.json", "reviews/ann.parquet"):
        (path / name).parent.mkdir(parents=True)
        (path / name).write_text("not for others")
    said = Console(file=io.StringIO(), record=True, width=200)
    run_push(said, PushOptions(str(path), "somebody/clips"))
    files = hub.repos["somebody/clips"]
    shards = {str(file.relative_to(path)) for table in ("pairs", "clips", "drops") for file in (path / table).iterdir()}
    assert files.keys() == shards | {"README.md", "dataset.json", "audit.json"}
    assert all(files[name] == (path / name).read_bytes() for name in files if name != "README.md")
    assert b"## The audit" in files["README.md"]
    assert hub.private == {"somebody/clips": True}
    assert f"{hub.address}/datasets/somebody/clips" in said.export_text()
    for name, content in files.items():
        (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / name).write_bytes(content)
    pairs = load_dataset(str(tmp_path / "copy"), "pairs", cache_dir=str(tmp_path / "cache"))
    assert sum(part.num_rows for part in pairs.values()) == FinishedSet.open(str(path)).rows()["pairs"]


def test_a_smaller_set_leaves_no_shard_of_the_larger_one(hub: Hub, tmp_path: Path) -> None:
    """Shards that this set has not are deleted; files of other people stay."""
    path = write_set(tmp_path / "ds", videos=4).path
    hub.repos["somebody/clips"] = {"pairs/train-00009.parquet": b"old", "notes.md": b"mine"}
    run_push(Console(quiet=True), PushOptions(str(path), "somebody/clips", public=True))
    files = hub.repos["somebody/clips"]
    assert "pairs/train-00009.parquet" not in files
    assert files["notes.md"] == b"mine"
    assert "pairs/train-00000.parquet" in files


def test_what_the_hub_refuses_is_one_line(hub: Hub, tmp_path: Path) -> None:
    """A token that may not write, and an impossible name."""
    path = str(write_set(tmp_path / "ds", videos=4).path)
    hub.refuses = 401
    with pytest.raises(OutputError, match=r"--repo somebody/clips cannot be written: .*401.*log in"):
        run_push(Console(quiet=True), PushOptions(path, "somebody/clips"))
    with pytest.raises(UserError, match="cannot name a repository"):
        run_push(Console(quiet=True), PushOptions(path, "a/b/c"))
    assert hub.repos == {}


def test_a_hub_that_does_not_answer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens at the address."""
    path = str(write_set(tmp_path / "ds", videos=4).path)
    with local_hub() as hub:
        gone = hub.address
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", gone)
    with pytest.raises(OutputError, match=r"cannot be written: .*check the network"):
        run_push(Console(quiet=True), PushOptions(path, "somebody/clips"))


def test_a_set_that_is_not_whole_is_not_pushed(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed shard, a set in a store, a folder that is none, and a machine without the client."""
    path = write_set(tmp_path / "ds", videos=4).path
    (path / "pairs" / "train-00000.parquet").write_bytes(b"other")
    with pytest.raises(DatasetError, match="is damaged"):
        run_push(Console(quiet=True), PushOptions(str(path), "somebody/clips"))
    with pytest.raises(DatasetError, match="is not a finished set"):
        run_push(Console(quiet=True), PushOptions(str(tmp_path), "somebody/clips"))
    gone = "huggingface_hub"
    monkeypatch.setattr(push_run, "find_spec", lambda name: None if name == gone else find_spec(name))
    with pytest.raises(UserError, match=r"pip install -e '.\[hub\]'"):
        run_push(Console(quiet=True), PushOptions(str(path), "somebody/clips"))
    assert hub.repos == {}
