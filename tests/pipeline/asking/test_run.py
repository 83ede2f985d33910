"""`vidpref ask`: a video file, a question, two answers; and bad input in one line."""

import json
from pathlib import Path

import pytest

from pipeline.asking.run import video_frames
from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.engine import extras
from schemas.errors import UserError, VideosError
from stages.decode import decode_frames
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import went_on_from, write_adapter
from tests.videos import X264, make_video

QUESTION = "What happens first?"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of a moving square."""
    return make_video(tmp_path_factory.mktemp("ask") / "video", X264)


def test_base_and_policy_answer_side_by_side(video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both answers are there, about as many frames as were asked for, at their true times; brackets
    are what they are.
    """
    policy = write_adapter("qwen2_5_vl", tmp_path / "policy")
    options = ["--policy", str(policy), "--video", str(video), "--num-frames", "4", "--max-new-tokens", "5"]
    capsys.readouterr()
    assert exit_code(app, ["ask", QUESTION, *options, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [answer["model"] for answer in report["answers"]] == ["base", "policy"]
    assert report["answers"][0]["text"] != report["answers"][1]["text"]
    assert report["pts_seconds"] == list(decode_frames(video, num_frames=4).pts_seconds)
    bracketed = f"{QUESTION} [/b] [the box]"
    assert exit_code(app, ["ask", bracketed, *options]) == 0
    assert bracketed in capsys.readouterr().out


def test_what_a_training_went_on_from_answers_too(
    video: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Base, start and policy, in this order, each with its own answer."""
    start = write_adapter("qwen2_5_vl", tmp_path / "start", seed=1)
    policy = went_on_from(start, write_adapter("qwen2_5_vl", tmp_path / "policy"))
    options = ["--policy", str(policy), "--video", str(video), "--max-new-tokens", "5", "--json"]
    capsys.readouterr()
    assert exit_code(app, ["ask", QUESTION, *options]) == 0
    answers = json.loads(capsys.readouterr().out)["answers"]
    assert [answer["model"] for answer in answers] == ["base", "start", "policy"]
    assert len({answer["text"] for answer in answers}) == 3


def test_frames_are_those_that_decoding_gives(video: Path) -> None:
    """Pixel for pixel: nothing between the file and the model makes others of them."""
    assert (video_frames(str(video), 5).frames_NHWC == decode_frames(video, num_frames=5).frames_NHWC).all()


@pytest.mark.parametrize("name", ["missing.mp4", "text.mp4", ""])
def test_a_video_that_cannot_be_shown_is_one_line(tmp_path: Path, name: str) -> None:
    """No such file, no video, a folder."""
    (tmp_path / "text.mp4").write_text("this is no video\n" * 100)
    with pytest.raises(VideosError, match="--video ") as caught:
        video_frames(str(tmp_path / name), 4)
    assert "\n" not in str(caught.value)


def test_an_empty_question_is_refused(video: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before any model is opened."""
    policy = str(checkpoint("qwen2_5_vl"))
    assert exit_code(app, ["ask", " ", "--policy", policy, "--video", str(video)]) == 2
    assert "the question is empty" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["evaluate", "ask"])
def test_without_torch_the_line_says_what_to_install(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The base install has no torch: exit code 2, before anything is read."""
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name in ("torch", "peft") else object())
    arguments = {"evaluate": ["--data", "d"], "ask": ["Why?", "--video", "v"]}[command]
    assert exit_code(app, [command, "--policy", "p", *arguments]) == 2
    said = capsys.readouterr().err
    assert said == "vidpref: this command needs torch, peft; try: pip install -e '.[train]'\n"


def test_with_everything_installed_nothing_is_said() -> None:
    """The check passes here, and fails for a package that nobody has."""
    extras.require_train()
    assert issubclass(VideosError, UserError)
