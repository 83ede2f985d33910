"""A worker's child process: started with the first job, watched during each, and replaced when it has ended."""

import contextlib
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

import psutil

from pipeline.child.channel import ChannelClosed, ParentChannel
from pipeline.child.job import Done, Job, OutOfMemory, PixelJob, Raised, Unusable
from pipeline.child.limits import ChildLimits
from schemas.drop import DropReason
from stages.decode import DecodedFrames, decode_frames
from stages.video.unusable import UnusableVideo

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

_MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(32 * 2**20), "MALLOC_TRIM_THRESHOLD_": str(256 * 2**20)}
_DETAILS = {
    DropReason.CHILD_CRASHED: "the process that reads the video ended without a result",
    DropReason.CHILD_CPU_LIMIT: "the process that reads the video used more CPU time than the limit",
    DropReason.CHILD_MEMORY_LIMIT: "the process that reads the video held more memory than the limit",
    DropReason.CHILD_STALLED: "the process that reads the video made no progress",
}


class ChildBugError(RuntimeError):
    """A function raised in the child what it must not raise; the text is the child's traceback."""


class _Ended(Exception):  # noqa: N818  it says what happened
    """The child crashed, or was ended for going over a limit."""

    def __init__(self, reason: DropReason) -> None:
        super().__init__(reason)
        self.reason = reason


class ChildProcess:
    """A warm child process that reads pixels; a context manager.

    A job that crashes it, or exceeds a limit, is tried again in a fresh child. If that fails too, the video is unusable
    for the reason CHILD_CRASHED, CHILD_CPU_LIMIT, CHILD_MEMORY_LIMIT or CHILD_STALLED. What was measured goes to the
    log and never into the drop, since it differs from run to run.
    """

    def __init__(self, limits: ChildLimits | None = None) -> None:
        """No process is started before the first job."""
        self._limits = limits or ChildLimits()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: ParentChannel | None = None
        self._watch: _Watch | None = None
        self._jobs = 0
        self._cpu_seconds_of_ended = 0.0

    def __enter__(self) -> Self:
        """The child itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    @property
    def process_id(self) -> int | None:
        """Id of the living process; None if there is none."""
        return self._process.pid if self._process else None

    def cpu_seconds(self) -> float:
        """CPU time of the process and of all that it has replaced."""
        return self._cpu_seconds_of_ended + (self._watch.cpu_seconds() if self._watch else 0.0)

    def read(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """`function(*args, **kwargs)`, called in the child (a `stages.stage.PixelReader`).

        Raises: UnusableVideo as the function does, and with one of the child's reasons; ChildBugError.
        """
        return self._tried(Job(function, args, kwargs))  # type: ignore[return-value]  # what the function returns

    def decode_frames(self, path: Path, **choice: object) -> DecodedFrames:
        """`stages.decode.decode_frames(path, **choice)`, decoded in the child.

        Raises: UnusableVideo as there, and with one of the child's reasons; ChildBugError.
        """
        return self._tried(PixelJob(decode_frames, (path,), choice))  # type: ignore[return-value]  # what it returns

    def close(self) -> None:
        """End the process, if there is one, and wait until it is gone."""
        self._cpu_seconds_of_ended = self.cpu_seconds()
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process, self._channel, self._watch = None, None, None

    def _tried(self, job: Job) -> object:
        """The job's result. Raises UnusableVideo when the job has ended the child `attempts` times."""
        reason = DropReason.CHILD_CRASHED
        for _ in range(self._limits.attempts):
            try:
                return self._call(job)
            except _Ended as ended:
                reason = ended.reason
        raise UnusableVideo(reason, detail=_DETAILS[reason])

    def _call(self, job: Job) -> object:
        with self._ending_on_failure():
            channel, watch = self._started()
            watch.begin()
            channel.send(job)
            outcome = channel.receive()
            self._jobs += 1
        if isinstance(outcome, Raised):
            self.close()
            raise ChildBugError(outcome.traceback_text)
        if isinstance(outcome, OutOfMemory):
            self.close()
            raise _Ended(DropReason.CHILD_MEMORY_LIMIT)
        if self._jobs >= self._limits.jobs:
            self.close()
        if isinstance(outcome, Unusable):
            raise outcome.error
        if not isinstance(outcome, Done):
            raise TypeError(f"a child answers with an outcome, got {type(outcome)}")
        return outcome.result

    @contextlib.contextmanager
    def _ending_on_failure(self) -> Iterator[None]:
        """Leave no child behind that is in the middle of a job."""
        is_done = False
        try:
            yield
            is_done = True
        except ChannelClosed as closed:
            raise _Ended(DropReason.CHILD_CRASHED) from closed
        finally:
            if not is_done:
                self.close()

    def _started(self) -> tuple[ParentChannel, "_Watch"]:
        if self._process is not None and self._process.poll() is not None:
            self.close()  # it ended between two jobs, so none of them is to blame
        if self._channel is None or self._watch is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                    [sys.executable, "-m", "pipeline.child.program", str(theirs.fileno()), str(os.getpid())],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env=_environment(),
                )
            self._watch = _Watch(self._process.pid, self._limits)
            self._channel = ParentChannel(ours, self._watch.check)
            self._jobs = 0
        return self._channel, self._watch


class _Watch:
    """Compares a child with its limits, from outside; CPU time is counted for each job."""

    def __init__(self, process_id: int, limits: ChildLimits) -> None:
        self._process = psutil.Process(process_id)
        self._limits = limits
        self._cpu_seconds = 0.0
        self.begin()

    def begin(self) -> None:
        """Note that a job begins."""
        self._cpu_at_begin = self._cpu_at_move = self.cpu_seconds()
        self._moved_at = time.monotonic()

    def check(self) -> None:
        """Raise _Ended if the job exceeds a limit."""
        try:
            cpu, resident = self.cpu_seconds(), self._process.memory_info().rss
        except psutil.NoSuchProcess:
            return  # the socket will report it, after whatever the child still sent
        now = time.monotonic()
        if cpu > self._cpu_at_move:
            self._cpu_at_move, self._moved_at = cpu, now
        if cpu - self._cpu_at_begin > self._limits.cpu_seconds:
            self._end(DropReason.CHILD_CPU_LIMIT, f"{cpu - self._cpu_at_begin:.1f} CPU seconds")
        if resident > self._limits.resident_bytes:
            self._end(DropReason.CHILD_MEMORY_LIMIT, f"{resident} bytes resident")
        if now - self._moved_at > self._limits.stall_seconds:
            self._end(DropReason.CHILD_STALLED, f"no CPU time used for {now - self._moved_at:.1f} s")

    def cpu_seconds(self) -> float:
        """CPU time of the process so far; after its end, what was last read."""
        with contextlib.suppress(psutil.NoSuchProcess):
            times = self._process.cpu_times()
            self._cpu_seconds = max(self._cpu_seconds, times.user + times.system)
        return self._cpu_seconds

    def _end(self, reason: DropReason, figures: str) -> None:
        log.warning("child ended: %s, %s", reason, figures)
        raise _Ended(reason)


def _environment() -> dict[str, str]:
    """This process's environment, with this package found first and one thread for numeric libraries.

    Memory that one frame has freed is kept for the next: the kernel would clear it again each time.
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **_MALLOC}
