"""Limits of a child process."""

from pydantic import Field

from schemas.record import Record


class ChildLimits(Record):
    """Limits of one job in a child process, and of the process itself.

    A job reads the pixels of one file, or of one clip.
    """

    cpu_seconds: float = Field(1800.0, gt=0)
    """CPU time that one job may take."""
    resident_bytes: int = Field(3 * 2**30, gt=0)
    """Memory that the child may hold, the part that it shares with its worker included."""
    stall_seconds: float = Field(120.0, gt=0)
    """How long the child may use no CPU time during a job: a busy machine slows it, a hang stops it."""
    jobs: int = Field(200, ge=1)
    """Jobs after which the child is replaced by a fresh one, so that no leak can grow."""
    attempts: int = Field(2, ge=1)
    """How often a job is tried before its video is dropped."""
