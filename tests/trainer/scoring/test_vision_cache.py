"""Vision features on disk."""

from pathlib import Path

import pytest
import torch

from schemas.errors import OutputError
from stages.models.video_llm import open_family
from stages.models.video_llm.score import score
from tests.trainer.checkpoints import FAMILIES, write
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip, family_of, group_of, model_of
from trainer.scoring.vision_cache import FeatureCache


@pytest.mark.parametrize("name", FAMILIES)
def test_features_from_disk_score_the_same_without_the_tower(name: str, tmp_path: Path) -> None:
    """What is read back is bit-equal, so are the scores, and the tower does not run again."""
    family, group = family_of(name), group_of(name)
    model = family.load(dtype=torch.float32)
    cache = FeatureCache(tmp_path, family)
    made = cache.get(model, group)
    for parameter in (p for n, p in model.named_parameters() if "language_model" not in n and "lm_head" not in n):
        parameter.data.zero_()
    held = cache.get(model, group)
    with torch.no_grad():
        found = score(model, family, group, features=held).logprobs_KT
        expected = score(model_of(name, torch.float32), family, group).logprobs_KT
    assert [t.shape for t in held.pooled] == [t.shape for t in made.pooled]
    assert torch.equal(found, expected)


def test_a_file_is_for_one_visual_one_checkpoint_one_dtype(tmp_path: Path) -> None:
    """Other pixels, weights or another dtype are another file; the same pixels in another question are not."""
    family = family_of("llava_onevision")
    other = FeatureCache(tmp_path, open_family(str(write("llava_onevision", tmp_path / "other", seed=1))))
    cache, group = FeatureCache(tmp_path, family), group_of("llava_onevision")
    again = family.encode(clip(), "Another question?", ANSWERS[:1])
    noise = family.encode(clip(seed=1), QUESTION, ANSWERS[:1])
    file = cache.path(group, torch.float32)
    assert cache.path(again, torch.float32) == file
    assert len({file, cache.path(noise, torch.float32), cache.path(group, torch.float16)}) == 3
    assert other.path(group, torch.float32) != file


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """A file that does not read stops the run with its name instead of being taken for features."""
    cache, group = FeatureCache(tmp_path, family_of("internvl")), group_of("internvl")
    file = cache.path(group, torch.float32)
    file.parent.mkdir()
    file.write_bytes(b"torn")
    with pytest.raises(OutputError, match=f"{file.name}.* is damaged"):
        cache.get(model_of("internvl", torch.float32), group)
