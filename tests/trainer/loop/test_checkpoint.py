"""Checkpoints: complete, or not counted."""

from pathlib import Path

from trainer.loop.checkpoint import is_complete, latest_complete, mark_complete, sweep


def test_a_checkpoint_without_its_marker_does_not_count(tmp_path: Path) -> None:
    """The latest complete one counts; incomplete ones, and those that have lost bytes, are deleted."""
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


def test_at_first_there_is_nothing_to_resume_from(tmp_path: Path) -> None:
    """A folder that does not exist has no checkpoint."""
    assert latest_complete(tmp_path / "none") is None
    sweep(tmp_path / "none")
