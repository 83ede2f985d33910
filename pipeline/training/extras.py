"""What a command needs beyond the base install is asked for in one line, before anything is read."""

from importlib.util import find_spec

from schemas.errors import UserError

INSTALL_TRAIN = "pip install 'vidpref[train]'"
"""What to type for them."""
_TRAIN = ("torch", "torchvision", "transformers", "peft", "accelerate")


def missing_for_train() -> list[str]:
    """The packages of the extra `train` that are not there."""
    return [name for name in _TRAIN if find_spec(name) is None]


def require_train() -> None:
    """UserError, with what to install, where the packages of the extra `train` are not there."""
    missing = missing_for_train()
    if missing:
        raise UserError(f"this command needs {', '.join(missing)}; try: {INSTALL_TRAIN}")
