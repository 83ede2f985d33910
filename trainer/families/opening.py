"""From a path to a family, or one clear line that says why not."""

from trainer.families.family import Family


def open_family(path: str) -> Family:
    """The family of the checkpoint at `path` (a folder or a hub id), its processor loaded, its weights not.

    Raises:
        ModelError: no such model, text only, unsupported architecture, no chat template, tokenizer without EOS.
    """
    raise NotImplementedError(path)
