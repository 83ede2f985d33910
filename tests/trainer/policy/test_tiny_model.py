"""The tiny model that trainings are rehearsed with."""

from pathlib import Path

from stages.models.video_llm import open_family
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip
from trainer.policy.tiny_model import TinyShape, write_tiny

SHAPE = TinyShape(hidden=16, layers=1)


def test_the_same_arguments_write_the_same_model(tmp_path: Path) -> None:
    """Byte for byte; another seed writes other weights and the same processor."""
    for name, seed in (("one", 0), ("two", 0), ("three", 1)):
        assert write_tiny(tmp_path / name, ANSWERS, SHAPE, seed) > 10_000
    files = {name: {f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("one", "two", "three")}
    assert files["one"] == files["two"]
    different = {name for name, content in files["one"].items() if files["three"][name] != content}
    assert different == {"model.safetensors"}


def test_it_is_opened_and_encodes_as_any_other(tmp_path: Path) -> None:
    """The family is found by its configuration, and its tokenizer gives the texts back."""
    write_tiny(tmp_path, ANSWERS, SHAPE)
    family = open_family(str(tmp_path))
    group = family.encode(clip(), QUESTION, ANSWERS)
    assert group.answers == len(ANSWERS)
    decoded = [family.processor.tokenizer.decode(ids, skip_special_tokens=True).strip() for ids in group.answer_ids]
    assert decoded == list(ANSWERS)
