"""Wrong arguments to the whole program: exit code 2 and one line; no traceback, no hang."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from tests.pipeline.runs import make_videos, run_fakes

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The program in this process: (exit code, what it said on stderr)."""

    def program(*arguments: object) -> tuple[int, str]:
        code = exit_code(app, [str(argument) for argument in arguments])
        return code, capsys.readouterr().err

    return program


@pytest.mark.parametrize("videos", ["missing", "empty", "bad.jsonl", "nul.jsonl", "web.jsonl"])
def test_videos_that_cannot_be_used_are_one_line_and_exit_2(run: Run, tmp_path: Path, videos: str) -> None:
    """Nothing is computed, and the line names what was given."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.jsonl").write_text('{"uri": "a.mp4"}\n{"uri": \n')
    (tmp_path / "nul.jsonl").write_text(r'{"uri": "a\u0000.mp4"}')
    (tmp_path / "web.jsonl").write_text('{"uri": "https://host/a.mp4"}')
    code, said = run("build", "facts", "--videos", tmp_path / videos, "--out", tmp_path / "ds", "--local")
    assert code == 2
    assert said.count("\n") == 1
    assert str(tmp_path / videos) in said
    assert not (tmp_path / "ds").exists()


def test_an_output_that_cannot_be_written_is_one_line_and_exit_2(run: Run, tmp_path: Path) -> None:
    """A file stands where the folder should go: root cannot write there either."""
    (tmp_path / "taken").write_text("a file")
    videos = make_videos(tmp_path / "videos", 1)
    code, said = run("build", "facts", "--videos", videos, "--out", tmp_path / "taken", "--local")
    assert code == 2
    assert said.startswith(f"vidpref: --out {tmp_path / 'taken'} cannot be written: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("option", ["--videos", "--out"])
def test_an_address_that_cannot_be_used_is_one_line_and_exit_2(run: Run, tmp_path: Path, option: str) -> None:
    """The line says which are allowed, be it where videos are read or where the set is written."""
    places = {"--videos": make_videos(tmp_path / "videos", 1), "--out": tmp_path / "ds", option: "http://host/x"}
    code, said = run("build", "facts", *(part for pair in places.items() for part in pair), "--local")
    assert code == 2
    assert "'http://host/x': http:// cannot be" in said
    assert "allowed are local paths, file://, s3:// and gs://" in said
    assert said.count("\n") == 1


def test_two_videos_of_one_id_are_one_line_and_exit_2(run: Run, tmp_path: Path) -> None:
    """An id of a manifest that is the start of another video's hash: both uris are named and no set is made."""
    videos = make_videos(tmp_path / "videos", 2)
    lines = [{"uri": "000.mp4"}, {"uri": "001.mp4", "id": hashlib.sha256(b"video 0").hexdigest()[:16]}]
    (videos / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    code, said = run("build", "facts", "--videos", videos / "m.jsonl", "--out", tmp_path / "ds", "--local")
    assert code == 2
    assert "000.mp4 and 001.mp4 would both be" in said or "001.mp4 and 000.mp4 would both be" in said
    assert said.count("\n") == 1
    assert not (tmp_path / "ds" / "dataset.json").exists()


@pytest.mark.process
def test_an_output_of_another_recipe_is_one_line_and_exit_2(run: Run, tmp_path: Path) -> None:
    """The fakes have built there; the line says so and what to do."""
    videos = make_videos(tmp_path / "videos", 1)
    run_fakes(videos, tmp_path / "ds")
    code, said = run("build", "facts", "--videos", videos, "--out", tmp_path / "ds", "--local")
    assert code == 2
    assert "was made by another recipe" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "nothing"],
        ["build", "facts", "--set", "decode.nothing=1"],
        ["build", "facts", "--workers", "0"],
        ["build", "facts", "--nothing"],
        ["nothing"],
    ],
)
def test_a_wrong_command_line_is_exit_2(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    """What was given is named, and there is no traceback."""
    code, said = run(*arguments, "--videos", tmp_path, "--out", tmp_path / "ds")
    assert code == 2
    assert "nothing" in said or "--workers" in said
    assert "Traceback" not in said
