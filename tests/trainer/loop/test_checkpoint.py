"""Checkpoints: complete, or not counted."""

from pathlib import Path

from trainer.loop.checkpoint import is_complete, latest_complete, mark_complete, sweep


def test_a_checkpoint_without_its_marker_is_none(tmp_path: Path) -> None:
    """The one of the most steps that is complete counts; what is half written, or has lost bytes, is swept away."""
    for step in (2, 10, 12, 14):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "weights").write_bytes(b"w" * step)
        if step != 14:
            mark_complete(folder)
    (tmp_path / "checkpoint-12" / "weights").write_bytes(b"")
    assert [is_complete(tmp_path / f"checkpoint-{step}") for step in (2, 10, 12, 14)] == [True, True, False, False]
    assert latest_complete(tmp_path) == tmp_path / "checkpoint-10"
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-10", "checkpoint-2"]


def test_there_is_nothing_to_go_on_from_at_first(tmp_path: Path) -> None:
    """A folder that is not there has no checkpoint."""
    assert latest_complete(tmp_path / "none") is None
    sweep(tmp_path / "none")
