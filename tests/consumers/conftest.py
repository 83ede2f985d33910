"""What the tests of consumers share: the exported set, and models whose processors consumers load."""

from pathlib import Path

import pytest

from tests.consumers.example_set import Example, example_set


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """The set that is exported, never written to."""
    return example_set(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of each kind of model."""
    from tests.consumers.qwen_folders import KINDS, write_qwen  # it loads torch, which the fast part must not

    folders = {kind: tmp_path_factory.mktemp(kind) for kind in KINDS}
    for kind, folder in folders.items():
        write_qwen(kind, folder)
    return folders


@pytest.fixture(scope="session")
def trainable(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of a model that can be trained on images."""
    from tests.consumers.qwen_folders import write_trainable  # likewise

    folder = tmp_path_factory.mktemp("trainable")
    write_trainable(folder)
    return {"qwen2_5_vl": folder}
