"""The original Grounding DINO in a child process of its own interpreter: a client here, and the program there.

The program is started as `python -m stages.models.groundingdino_child DESCRIPTOR` and ends with its parent.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schemas.errors import ModelError
from stages.models.detections import FrameDetections
from stages.models.detector_settings import MAKE_ENVIRONMENT, GroundingdinoPySettings

_ROOT = Path(__file__).resolve().parents[2]


class ChildDetector:
    """A `FrameDetector` whose model lives in a child process, which ends with this object."""

    def __init__(self, settings: GroundingdinoPySettings) -> None:
        """Start the process and load the model there. Raises ModelError."""
        ours, theirs = socket.socketpair()
        self._connection = Connection(ours.detach())
        self._process: subprocess.Popen[bytes] | None = None
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 the interpreter that the recipe names
                [settings.interpreter, "-W", "ignore", "-m", "stages.models.groundingdino_child", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # the package prints
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": path},
            )
        self._answer(settings)

    def detect(
        self, frames_NHWC: NDArray[np.uint8], phrases: Sequence[str], least_scores: Sequence[float]
    ) -> list[FrameDetections]:
        """As `FrameDetector.detect`."""
        found: list[FrameDetections] = self._answer((frames_NHWC, tuple(phrases), tuple(least_scores)))
        return found

    @property
    def process_id(self) -> int | None:
        """Id of the child process; None if it did not start."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the process, and wait until it is gone."""
        self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __del__(self) -> None:
        self.close()

    def _answer(self, request: object) -> Any:
        try:
            self._connection.send(request)
            answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise ModelError(
                f"the process of groundingdino_py has ended; run it alone to see why, or try: {MAKE_ENVIRONMENT}"
            ) from error
        if isinstance(answer, ModelError):
            raise answer
        return answer


def serve(connection: Connection) -> None:
    """Load the model of the first request, then detect until the parent closes its end."""
    from stages.models.groundingdino_py import OriginalGroundingDino  # noqa: PLC0415 the parent has no such package

    detector = None
    while True:
        try:
            request = connection.recv()
        except EOFError:
            return
        try:
            if detector is None:
                detector = OriginalGroundingDino(request)
                connection.send(None)
            else:
                connection.send(detector.detect(*request))
        except ModelError as error:
            connection.send(error)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
