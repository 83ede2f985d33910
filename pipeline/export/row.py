"""A row of an export."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.export.left_out import LeftOutReason
from schemas.video import Split


@dataclass(frozen=True)
class ExportRow:
    """One row of an export."""

    split: Split
    pair_ids: tuple[str, ...]
    """The pairs that it holds."""
    values: Mapping[str, Any]
    """What is written, as JSON."""
    tokens: int
    """The most tokens that its longest sequence can have."""
    frames: int = 0
    """Frames of its visual."""
    kind: str = "pair"
    """What it asks for."""


@dataclass(frozen=True)
class Unmade:
    """A row that was not made of a question that has others."""

    kind: str
    """What it would have asked for."""
    reason: LeftOutReason
