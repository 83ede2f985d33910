"""`ray job submit` against a real cluster with token authentication, as README shows it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import torch
from safetensors.torch import load_file

from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from schemas.drop import ItemType
from tests.pipeline.trees import Tree
from tests.trainer.checkpoints import checkpoint
from tests.videos import X264, make_video

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.timeout(900)]
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


def test_a_job_builds_a_set(cluster: Cluster, tmp_path: Path) -> None:
    """The submitted build ends with success, its log has plain lines of progress, and the set is there."""
    (tmp_path / "videos").mkdir()
    for seed in range(2):
        make_video(tmp_path / "videos" / str(seed), replace(X264, seed=seed))
    out = tmp_path / "ds"
    build = ("python", "-m", "pipeline", "build", "facts", "--videos", str(tmp_path / "videos"), "--out", str(out))
    ended = cluster.submit(*build)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "write 2 (0 dropped) | of 2" in ended.stdout
    line = FinishedSet.open(str(out)).manifest.account.line(ItemType.VIDEO)
    assert line is not None
    assert line.produced == 2


def test_a_job_builds_a_set_and_trains_on_it(cluster: Cluster, tmp_path: Path) -> None:
    """One submitted command leaves both: the build has left the cluster's two CPUs when the training asks for one. The
    same command without Ray leaves the same shards, and the same adapter up to the order of sums.
    """
    render_set(demo_worlds(1, 2), tmp_path / "clips", processes=1)
    build = ("-m", "pipeline", "build", "facts", "--videos", str(tmp_path / "clips" / "videos"))
    train = ("--then-train", "dpo", "--model", str(checkpoint("qwen2_5_vl")))
    tiny = ("run.precision=float32", "run.max_steps=1", "data.num_frames=2", "engine.device=cpu", "optimiser.warmup=0")
    command = (*build, *train, *(f"--train-set={key}" for key in tiny))
    places = {name: (tmp_path / name / "ds", tmp_path / name / "policy") for name in ("job", "here")}
    into = {name: ("--out", str(out), "--policy", str(policy)) for name, (out, policy) in places.items()}
    ended = cluster.submit("python", *command, *into["job"])
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "step 1 of 1" in ended.stdout
    subprocess.run([sys.executable, *command, *into["here"], "--local"], cwd=ROOT, check=True, capture_output=True)
    there, here = (FinishedSet.open(str(out)).manifest.shards for out, _ in places.values())
    assert there == here
    assert sum(shard.rows for shard in there if shard.path.startswith("pairs")) > 0
    adapters = [load_file(policy / "adapter_model.safetensors") for _, policy in places.values()]
    assert all(torch.allclose(adapters[0][name], weight, atol=1e-6) for name, weight in adapters[1].items())
    assert any(float(weight.abs().max()) > 0 for name, weight in adapters[0].items() if "lora_B" in name)
    assert all((policy / "policy.json").is_file() for _, policy in places.values())


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
