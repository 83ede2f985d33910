"""A checkpoint counts only if it is complete: a marker that names every file with its size is written last."""

import json
import shutil
from pathlib import Path

from trainer.atomic_file import sync, write_whole

MARKER = "complete.json"
_PREFIX = "checkpoint-"


def mark_complete(folder: Path, layout: str = "") -> None:
    """Flush every file of a checkpoint to the disk, then write its marker atomically.

    `layout` names how it holds weights and moments.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MARKER)
    for path in files:
        sync(path)
    sizes = {str(path.relative_to(folder)): path.stat().st_size for path in files}
    write_whole(folder / MARKER, json.dumps({"layout": layout, "files": sizes}, indent=1).encode())


def layout_of(folder: Path) -> str:
    """How a complete checkpoint holds weights and moments."""
    return str(json.loads((folder / MARKER).read_text())["layout"])


def is_complete(folder: Path) -> bool:
    """Whether the marker exists and every file has the size that it names."""
    try:
        sizes = json.loads((folder / MARKER).read_text())["files"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def latest_complete(root: Path) -> Path | None:
    """The complete checkpoint of the latest step, or None."""
    complete = [folder for folder in _folders(root) if is_complete(folder)]
    return max(complete, key=step_of, default=None)


def sweep(root: Path) -> None:
    """Delete incomplete checkpoints."""
    for folder in _folders(root):
        if not is_complete(folder):
            shutil.rmtree(folder)


def folder_of(root: Path, step: int) -> Path:
    """Where the checkpoint of an optimiser step is, by transformers' name."""
    return root / f"{_PREFIX}{step}"


def step_of(folder: Path) -> int:
    """The optimiser step after which a checkpoint was made."""
    return int(folder.name.removeprefix(_PREFIX))


def _folders(root: Path) -> list[Path]:
    return [path for path in root.glob(f"{_PREFIX}*") if path.name.removeprefix(_PREFIX).isdecimal()]
