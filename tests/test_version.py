"""The version is said once and the changelog agrees."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_changelog_opens_with_the_version_of_the_package() -> None:
    """pyproject.toml and CHANGELOG.md name the same newest version."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == version
