"""Connects to a Ray cluster or starts one here; whatever stands in the way is one line within seconds.

Left to itself, Ray tries an address that does not answer for a quarter of an hour, and waits for a node that could not
write its files until its start times out. So both are checked first.
"""

import logging
import os
import shutil
from pathlib import Path

import grpc
import ray
from ray._common.utils import get_default_ray_temp_dir
from ray._private.grpc_utils import init_grpc_channel
from ray._private.services import canonicalize_bootstrap_address
from ray.core.generated.gcs_service_pb2 import CheckAliveRequest  # type: ignore[attr-defined]  # made as it loads
from ray.core.generated.gcs_service_pb2_grpc import NodeInfoGcsServiceStub

from pipeline.engine.machine import Machine
from pipeline.engine.ray_stderr import quiet_on_error
from schemas.errors import ClusterError
from schemas.problems import one_line

_START_SECONDS = "90"
"""How long Ray may take to start: its own 30 s are too few on a busy machine."""
_STARTS = 3
"""How often it may start: on a busy machine its agent may miss a limit of 15 s that cannot be changed."""
_ANSWER_SECONDS = 8.0
"""How long a cluster may take to answer; busy ones take one or two."""
_LEAST_FREE_BYTES = 64 << 20
"""Room that Ray needs for its logs and sockets; a node without it never comes up."""
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 where Ray keeps objects
_CLIENT = "ray://"


def connect(cpus: int | None) -> None:
    """Connect to RAY_ADDRESS, as inside a job, or start Ray here with `cpus` CPUs if the variable is not set.

    Raises ClusterError if the cluster does not answer or Ray cannot run on this machine, and KeyboardInterrupt on
    SIGTERM, as for Ctrl-C; what Ray writes to stderr meanwhile is then left out.
    """
    address = os.environ.get("RAY_ADDRESS")
    with quiet_on_error():
        try:
            _connect_to(address) if address else _start(cpus)
        except SystemExit as stop:  # Ray's handler of SIGTERM, which takes the place of ours
            raise KeyboardInterrupt from stop
        except Exception as error:  # also plain Exceptions: all that Ray is given is this machine and the address
            ray.shutdown()
            raise ClusterError(f"{_what(address)}: {one_line(error)}; {_remedy(address)}") from error


def cpus_here(cpus: int | None) -> int:
    """The CPUs that a Ray started here is given: `cpus`, or all if it is null, and never more than there are."""
    here = int(Machine.here().cpus)
    return min(cpus or here, here)


def _connect_to(address: str) -> None:
    is_client = address.startswith(_CLIENT)
    resolved = address.removeprefix(_CLIENT) if is_client else canonicalize_bootstrap_address(address)
    if resolved is not None:  # else it is "local"
        refuse_silent(resolved, speaks_gcs=not is_client)
    ray.init(log_to_driver=False, logging_level=logging.ERROR)


def refuse_silent(host_port: str, *, speaks_gcs: bool = True) -> None:
    """Raise ConnectionError if nobody at the address answers as the head of a Ray cluster does."""
    with init_grpc_channel(host_port) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=_ANSWER_SECONDS)
            if speaks_gcs:
                head = NodeInfoGcsServiceStub(channel)  # type: ignore[no-untyped-call]  # generated
                head.CheckAlive(CheckAliveRequest(), timeout=_ANSWER_SECONDS)
        except grpc.FutureTimeoutError as error:
            raise ConnectionError(f"there is no answer within {_ANSWER_SECONDS:g} s") from error
        except grpc.RpcError as error:
            raise ConnectionError(f"the answer is {error.code().name} ({one_line(error.details())})") from error


def _start(cpus: int | None) -> None:
    folder = Path(get_default_ray_temp_dir())  # type: ignore[no-untyped-call]  # Ray's own
    folder.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(folder).free) < _LEAST_FREE_BYTES:
        raise OSError(f"the disk of {folder} has {free >> 20} MiB free, Ray needs {_LEAST_FREE_BYTES >> 20}")
    if _SHARED_MEMORY.is_dir() and not os.access(_SHARED_MEMORY, os.W_OK):
        raise OSError(f"{_SHARED_MEMORY} cannot be written")
    os.environ.setdefault("RAY_raylet_start_wait_time_s", _START_SECONDS)
    for left in reversed(range(_STARTS)):
        try:
            ray.init(
                address="local",
                num_cpus=cpus_here(cpus),
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
        except (OSError, ValueError):  # of the settings of this machine, which are the same the next time
            raise
        except Exception:  # Ray raises plain ones
            if not left:
                raise
            ray.shutdown()
        else:
            return


def _what(address: str | None) -> str:
    return f"RAY_ADDRESS={address} cannot be used" if address else "Ray cannot start on this machine"


def _remedy(address: str | None) -> str:
    if address:
        return "give the address of a running cluster, or unset RAY_ADDRESS to start Ray here"
    return "give a short path in RAY_TMPDIR for Ray's files, or work without Ray (build --local, train --workers 1)"
