"""Merged weights: exact in float32, and in the base's own type only if that loses little of what was learnt."""

from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file

from schemas.policy import WeightsType
from stages.models.video_llm import ModelFamily, open_family
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import ScorePath, score
from tests.trainer.checkpoints import write
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip
from trainer.policy.merge import MergeCheck, Merger

BF16, F32 = WeightsType.BFLOAT16, WeightsType.FLOAT32


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> ModelFamily:
    """A checkpoint in bfloat16, as those of the hub."""
    folder = write("qwen2_5_vl", tmp_path_factory.mktemp("model"))
    open_family(str(folder)).load(dtype=torch.bfloat16).save_pretrained(folder)
    return open_family(str(folder))


@pytest.fixture(scope="module")
def group(family: ModelFamily) -> EncodedGroup:
    """One question with four answers: three pairs."""
    return family.encode(clip(), QUESTION, ANSWERS)


def adapter_of(family: ModelFamily, folder: Path, size: float) -> Path:
    """An adapter with random weights whose product is scaled by `size`."""
    torch.manual_seed(0)
    lora = LoraConfig(r=4, lora_alpha=4, target_modules=family.lora_targets, init_lora_weights=False)
    adapted = get_peft_model(family.load(dtype=torch.float32), lora)
    with torch.no_grad():
        for name, weights in adapted.named_parameters():
            if "lora_B" in name:
                weights.mul_(size)
    adapted.save_pretrained(folder)
    return folder


def merged(
    family: ModelFamily, group: EncodedGroup, folder: Path, size: float, wanted: WeightsType | None = None
) -> tuple[WeightsType, list[str], torch.Tensor]:
    """What merging an adapter of that size does: the type that was written, the lines, the merged log-probabilities."""
    said: list[str] = []
    adapter = adapter_of(family, folder / "adapter", size)
    kind = Merger(family, adapter, "cpu", said.append).write(folder / "out", [group], ScorePath.SPLIT, wanted)
    family.processor.save_pretrained(folder / "out")
    whole = open_family(str(folder / "out"))
    with torch.no_grad():
        return kind, said, score(whole.load(dtype=torch.float32), whole, group, path=ScorePath.SPLIT).logprobs_KT


def types_in(folder: Path) -> set[torch.dtype]:
    """Of the weights on disk."""
    return {tensor.dtype for tensor in load_file(folder / "model.safetensors").values()}


def test_a_small_update_is_written_in_float32(family: ModelFamily, group: EncodedGroup, tmp_path: Path) -> None:
    """The merged weights score as the adapter within 1e-4 in float32; bfloat16 would have lost more than a tenth."""
    kind, said, logprobs_KT = merged(family, group, tmp_path, 1e-3)
    assert (kind, types_in(tmp_path / "out")) == (F32, {torch.float32})
    adapted = PeftModel.from_pretrained(family.load(dtype=torch.float32), tmp_path / "adapter")
    with torch.no_grad():
        expected_KT = score(adapted, family, group, path=ScorePath.SPLIT).logprobs_KT
    assert float((logprobs_KT - expected_KT).abs().max()) < 1e-4
    assert "of the" in said[0]
    assert "margins of 3 pairs" in said[0]
    assert "--merge-dtype bfloat16 writes it all the same" in said[1]


def test_a_large_update_is_written_in_the_type_of_the_base(
    family: ModelFamily, group: EncodedGroup, tmp_path: Path
) -> None:
    """Rounding changes an update that is as large as the weights by a fraction of a percent."""
    kind, _, _ = merged(family, group, tmp_path, 1.0)
    assert (kind, types_in(tmp_path / "out")) == (BF16, {torch.bfloat16})


@pytest.mark.parametrize(("size", "wanted"), [(1e-3, BF16), (1.0, F32)])
def test_the_type_that_is_asked_for_is_written(
    family: ModelFamily, group: EncodedGroup, tmp_path: Path, size: float, wanted: WeightsType
) -> None:
    """Whatever is lost by it; the line says how much."""
    kind, said, _ = merged(family, group, tmp_path, size, wanted)
    assert kind is wanted
    assert types_in(tmp_path / "out") == {getattr(torch, wanted.value)}
    assert "in bfloat16" in said[0]


def test_what_is_predicted_of_bfloat16_is_what_its_weights_do(
    family: ModelFamily, group: EncodedGroup, tmp_path: Path
) -> None:
    """The difference that is told of weights as if stored in bfloat16 is that of the stored ones: the mean size
    of (merged - adapter) over that of (adapter - base), in the margins of the three pairs.
    """
    _, said, logprobs_KT = merged(family, group, tmp_path, 1e-3, BF16)
    adapted = PeftModel.from_pretrained(family.load(dtype=torch.float32), tmp_path / "adapter").eval()
    with torch.no_grad():
        own_K = score(adapted, family, group, path=ScorePath.SPLIT).sums_K.double()
        with adapted.disable_adapter():
            base_K = score(adapted, family, group, path=ScorePath.SPLIT).sums_K.double()
    stored_K = logprobs_KT.double().sum(1)
    own, base, stored = (sums_K[0] - sums_K[1:] for sums_K in (own_K, base_K, stored_K))
    lost = float((stored - own).abs().mean() / (own - base).abs().mean())
    told = float(said[0].split("% in bfloat16")[0].rpartition(" ")[2]) / 100
    assert told == pytest.approx(lost, rel=0.02)
    assert lost > 0.1


def test_nothing_learnt_is_nothing_lost() -> None:
    """A training without a step adds nothing to the margins: 0, without a division by 0. 0.5 of 2 nats is a quarter."""
    assert MergeCheck(3, 0.0, {BF16: 0.5}).lost(BF16) == 0
    assert MergeCheck(3, 2.0, {BF16: 0.5}).lost(BF16) == 0.25
    assert MergeCheck(1, 2.0, {F32: 0.0, BF16: 0.5}).line() == (
        "merged weights differ from the adapter by 0.00% in float32, 25.00% in bfloat16 of the 2 nats that it adds to "
        "the margins of 1 pair"
    )
