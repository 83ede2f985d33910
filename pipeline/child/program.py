"""The program of a child process: takes jobs from its parent and sends back the outcomes until the parent ends.

Started by `pipeline.child.process` as `python -m pipeline.child.program DESCRIPTOR PARENT_ID`.
"""

import ctypes
import os
import resource
import signal
import socket
import sys
import traceback
from types import TracebackType

import cv2

from pipeline.child.channel import ChannelClosed, ChildChannel
from pipeline.child.job import Done, Job, OutOfMemory, Raised, Unusable
from stages.video.pixels import Room
from stages.video.unusable import UnusableVideo

_PR_SET_PDEATHSIG = 1


def _die_with(parent_id: int) -> None:
    """Ask the kernel to kill this process when the parent ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_id:
        sys.exit("the parent ended before its child began")


def _outcome(job: Job, room: Room) -> Done | Unusable | OutOfMemory:
    try:
        return Done(job(room))
    except UnusableVideo as unusable:
        return Unusable(unusable)
    except MemoryError:
        return OutOfMemory()


def serve(channel: ChildChannel) -> None:
    """Do jobs until the parent closes its end."""

    def send_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        channel.send(Raised("".join(traceback.format_exception(kind, error, trace))))

    sys.excepthook = send_traceback
    while True:
        try:
            job = channel.receive()
        except ChannelClosed:
            return
        if not isinstance(job, Job):
            raise TypeError(f"a child takes a Job, got {type(job)}")
        outcome = _outcome(job, channel.room)
        del job
        try:
            channel.send(outcome)
        except ChannelClosed:
            return
        del outcome


def main(descriptor: int, parent_id: int) -> None:
    """Serve over the socket of this descriptor."""
    _die_with(parent_id)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal: the parent decides
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(1)
    serve(ChildChannel(socket.socket(fileno=descriptor)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
