"""`ray job submit` against a real cluster with token authentication, as README shows it."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import torch
from safetensors.torch import load_file

from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from schemas.dataset import ShardEntry
from schemas.drop import ItemType
from tests.pipeline.trees import Tree
from tests.trainer.checkpoints import checkpoint

pytestmark = [pytest.mark.ray, pytest.mark.slow(90), pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[2]
RAY = str(Path(sys.executable).with_name("ray"))


@dataclass(frozen=True)
class Cluster:
    """A cluster's address for jobs, and the environment of those who may use it."""

    address: str
    environment: dict[str, str]

    def submit(self, *entrypoint: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Submit a job with this checkout as its working directory, and wait until it ends."""
        command = [RAY, "job", "submit", "--address", self.address, "--working-dir", ".", "--", *entrypoint]
        return subprocess.run(
            command, cwd=ROOT, env=environment or self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A head node with its own folder, ports and token; only what it started is ended."""
    folder = tempfile.mkdtemp(prefix="vp")  # short: the path of a socket holds 107 bytes at most
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    open_to_all = {**{k: v for k, v in os.environ.items() if not k.startswith("RAY_")}, "PATH": path}
    environment = {**open_to_all, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    ports = dict(zip(("port", *_PORTS), _free_ports(1 + len(_PORTS)), strict=True))
    options = [f"--{name}={port}" for name, port in ports.items()]
    arguments = ["start", "--head", "--block", "--num-cpus=2", "--disable-usage-stats", f"--temp-dir={folder}"]
    tree = Tree([RAY, *arguments, "--include-dashboard=true", *options], environment)
    cluster = Cluster(f"http://127.0.0.1:{ports['dashboard-port']}", environment)
    try:
        _wait_until_it_answers(cluster.address, tree)
        yield cluster
    finally:
        tree.kill()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Outputs:
    """What one command leaves: a data set and a policy."""

    data: Path
    policy: Path

    def shards(self) -> tuple[ShardEntry, ...]:
        """The files of the data set, with their hashes."""
        return FinishedSet.open(str(self.data)).manifest.shards


@dataclass(frozen=True)
class Both:
    """What the same build and training left as a job, with the job's log, and without Ray."""

    log: str
    job: Outputs
    here: Outputs


@pytest.fixture(scope="module")
def both(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """A build of two clips and a training of one step, submitted as one command, and run here by the same command."""
    folder = tmp_path_factory.mktemp("job")
    render_set(demo_worlds(1, 2), folder / "clips", processes=1)
    build = ("-m", "pipeline", "build", "facts", "--videos", str(folder / "clips" / "videos"))
    train = ("--then-train", "dpo", "--model", str(checkpoint("qwen2_5_vl")))
    tiny = ("run.precision=float32", "run.max_steps=1", "data.num_frames=2", "engine.device=cpu", "optimiser.warmup=0")
    # no world has faces, and nothing here depends on what is written
    quick = ("ground.motion.faces.frames_per_second=1", "ground.reading.enabled=false")
    command = (*build, *(f"--set={key}" for key in quick), *train, *(f"--train-set={key}" for key in tiny))
    job, here = (Outputs(folder / name / "ds", folder / name / "policy") for name in ("job", "here"))
    ended = cluster.submit("python", *command, "--out", str(job.data), "--policy", str(job.policy))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    local = (*command, "--out", str(here.data), "--policy", str(here.policy), "--local")
    subprocess.run([sys.executable, *local], cwd=ROOT, check=True, capture_output=True)
    return Both(ended.stdout, job, here)


def test_a_job_builds_a_set(both: Both) -> None:
    """The log of the submitted build has plain lines of progress, and its set holds both videos and some pairs."""
    line = FinishedSet.open(str(both.job.data)).manifest.account.line(ItemType.VIDEO)
    assert line is not None
    assert line.produced == 2
    assert re.search(r"^.*write 2 .* of 2", both.log, re.MULTILINE)
    assert sum(shard.rows for shard in both.job.shards() if shard.path.startswith("pairs")) > 0


def test_the_job_goes_on_to_train_on_its_set(both: Both) -> None:
    """The build has left the cluster's two CPUs when the training asks for one, and the training makes its step."""
    assert "step 1 of 1" in both.log
    adapter = load_file(both.job.policy / "adapter_model.safetensors")
    assert any(float(weight.abs().max()) > 0 for name, weight in adapter.items() if "lora_B" in name)


def test_the_same_command_without_ray_leaves_the_same(both: Both) -> None:
    """The same shards byte for byte, and the same adapter up to the order of sums."""
    assert both.job.shards() == both.here.shards()
    ours, theirs = (load_file(o.policy / "adapter_model.safetensors") for o in (both.job, both.here))
    assert all(torch.allclose(ours[name], weight, atol=1e-6) for name, weight in theirs.items())
    assert all((o.policy / "policy.json").is_file() for o in (both.job, both.here))


def test_wrong_input_fails_the_job_with_its_line(cluster: Cluster, tmp_path: Path) -> None:
    """A job whose input is wrong fails, and its log says in one line why."""
    ended = cluster.submit("python", "-m", "pipeline", "build", "facts", "--videos", "/missing", "--out", str(tmp_path))
    assert ended.returncode != 0
    assert "vidpref: --videos /missing does not exist" in ended.stdout + ended.stderr


def test_a_client_without_the_token_is_refused(cluster: Cluster) -> None:
    """Whoever does not know the token can submit nothing."""
    stranger = {**cluster.environment, "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    ended = cluster.submit("python", "-c", "print('came through')", environment=stranger)
    assert ended.returncode != 0
    assert "came through" not in ended.stdout


_PORTS = ("dashboard-port", "dashboard-agent-listen-port", "dashboard-agent-grpc-port", "metrics-export-port")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(server.getsockname()[1]) for server in sockets]
    for server in sockets:
        server.close()
    return ports


def _wait_until_it_answers(address: str, tree: Tree) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if tree.process.poll() is not None:
            raise AssertionError(tree.process.communicate()[0])
        try:
            with urlopen(f"{address}/api/version", timeout=5):  # noqa: S310 our own address
                return
        except URLError as error:
            if getattr(error, "code", None) in (401, 403):
                return  # it is there, and asks for the token
        except TimeoutError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{address} did not answer")
