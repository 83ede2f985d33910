"""What a command needs beyond the base install is asked for in one line, before anything is read."""

from importlib.util import find_spec

from schemas.errors import UserError

_TRAIN = ("torch", "torchvision", "transformers", "peft", "accelerate")


def require_train() -> None:
    """UserError, with what to install, where the packages of the extra `train` are not there."""
    missing = [name for name in _TRAIN if find_spec(name) is None]
    if missing:
        raise UserError(f"this command needs {', '.join(missing)}; try: pip install 'vidpref[train]'")
