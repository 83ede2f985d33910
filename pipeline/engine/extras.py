"""Commands that need the extra `train` say so in one line before they read anything."""

from importlib.util import find_spec

from schemas.errors import UserError

INSTALL_TRAIN = "pip install -e '.[train]'"
"""The command that installs them."""
_TRAIN = ("torch", "torchvision", "transformers", "peft", "accelerate")


def missing_for_train() -> list[str]:
    """The packages of the extra `train` that are not installed."""
    return [name for name in _TRAIN if find_spec(name) is None]


def require_train() -> None:
    """Raise UserError with the command to run if packages of the extra `train` are missing."""
    missing = missing_for_train()
    if missing:
        raise UserError(f"this command needs {', '.join(missing)}; try: {INSTALL_TRAIN}")
