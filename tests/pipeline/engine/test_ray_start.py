"""A cluster that does not answer, or a machine on which Ray cannot start: one line, exit code 2, within seconds."""

import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest
import ray

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.engine import ray_start
from pipeline.engine.ray_start import connect
from schemas.errors import ClusterError

pytestmark = [pytest.mark.ray, pytest.mark.slow(15)]


def refused(address: str | None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The line with which a connection is refused, with one second for the cluster to answer."""
    monkeypatch.setattr(ray_start, "_ANSWER_SECONDS", 1.0)
    if address is None:
        monkeypatch.delenv("RAY_ADDRESS", raising=False)
    else:
        monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(ClusterError) as error:
        connect(1)
    assert not ray.is_initialized()
    return str(error.value)


@pytest.mark.parametrize("scheme", ["", "ray://"])
def test_a_port_that_does_not_speak_rays_protocol_is_refused(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens, or somebody who never says a word: the line names the address and what to do."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"{scheme}127.0.0.1:{silent.getsockname()[1]}"
        closed = refused(address, monkeypatch)
        silent.listen()
        assert refused(address, monkeypatch) == closed
    assert closed.startswith(f"RAY_ADDRESS={address} cannot be used: there is no answer within 1 s; give the address")


def test_what_is_not_an_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Ray says of it is part of the line."""
    assert "RAY_ADDRESS=nonsense cannot be used: Invalid address format" in refused("nonsense", monkeypatch)


def test_a_temporary_folder_that_ray_cannot_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path too long for a socket (107 bytes), and a file in the place of the folder: the line names RAY_TMPDIR."""
    (tmp_path / "file").write_bytes(b"")
    for folder, problem in (
        (tmp_path / ("x" * 107), "cannot exceed 107 bytes"),
        (tmp_path / "file", "Not a directory"),
    ):
        monkeypatch.setenv("RAY_TMPDIR", str(folder))
        line = refused(None, monkeypatch)
        assert line.startswith("Ray cannot start on this machine: ")
        assert problem in line
        assert "RAY_TMPDIR" in line


@pytest.mark.parametrize(
    ("failures", "error", "starts"), [(2, RuntimeError, 3), (3, RuntimeError, 3), (1, ValueError, 1)]
)
def test_a_start_that_fails_is_tried_again(
    failures: int, error: type[Exception], starts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times at most, unless it is for what Ray is given, which is the same the next time."""
    tried: list[object] = []

    def init(**settings: object) -> None:
        tried.append(settings)
        if len(tried) <= failures:
            raise error("it did not come up")

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr(ray, "init", init)
    if failures < starts:
        connect(1)
    else:
        with pytest.raises(ClusterError, match="it did not come up"):
            connect(1)
    assert len(tried) == starts


def test_a_disk_without_room_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that cannot write its files would only be given up when its start times out."""
    usage = namedtuple("usage", "total used free")
    monkeypatch.setenv("RAY_TMPDIR", str(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 40, (1 << 40) - (3 << 20), 3 << 20))
    assert f"the disk of {tmp_path}/ray has 3 MiB free, Ray needs 64" in refused(None, monkeypatch)


def test_a_build_without_a_cluster_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Through the program: whatever Ray's native code writes, stderr holds one line."""
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "a.mp4").write_bytes(b"video")
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    monkeypatch.setattr(ray_start, "_ANSWER_SECONDS", 1.0)
    videos, out = str(tmp_path / "videos"), str(tmp_path / "ds")
    assert exit_code(app, ["build", "facts", "--videos", videos, "--out", out]) == 2
    [line] = capfd.readouterr().err.splitlines()
    assert line.startswith("vidpref: RAY_ADDRESS=127.0.0.1:1 cannot be used: ")
