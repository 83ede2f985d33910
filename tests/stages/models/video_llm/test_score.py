"""Scoring: three paths, one result, and that result is transformers' own."""

import math
import weakref
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor, nn
from transformers import AutoModelForImageTextToText

import stages.models.video_llm.score
from schemas.errors import ModelError
from stages.models.video_llm import ModelFamily
from stages.models.video_llm.attention import answer_mask
from stages.models.video_llm.chat import bare
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import ScorePath, Scores, compare_paths, score
from stages.models.video_llm.transcript import answered_text
from tests.trainer.checkpoints import FAMILIES, checkpoint
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip, family_of, group_of, model_of

pytestmark = pytest.mark.slow(30)

SHARED = (ScorePath.SPLIT, ScorePath.MASK)
LIMITS = {torch.float64: 1e-10, torch.float32: 1e-5}


def off(scores: Scores, oracle: Scores) -> float:
    """Largest difference, in nats."""
    return float((scores.logprobs_KT - oracle.logprobs_KT).abs().max())


@pytest.mark.parametrize("dtype", LIMITS, ids=str)
@pytest.mark.parametrize("answers", [1, 2, 4])
@pytest.mark.parametrize("name", FAMILIES)
def test_shared_paths_score_as_unshared(name: str, answers: int, dtype: torch.dtype) -> None:
    """One row for all answers gives what one row per answer gives, to 1e-10 in float64 and 1e-5 in float32."""
    family, model, group = family_of(name), model_of(name, dtype), group_of(name, answers)
    with torch.no_grad():
        oracle = score(model, family, group, path=ScorePath.UNSHARED)
        assert oracle.logprobs_KT.dtype == dtype
        assert float(oracle.logprobs_KT.min()) < -6, "weights that spread nothing would hide mistakes"
        for path in SHARED:
            assert off(score(model, family, group, path=path), oracle) <= LIMITS[dtype], path


@pytest.mark.parametrize("fps", [0.5, 2.0, 5.0])
@pytest.mark.parametrize("name", FAMILIES)
def test_scores_are_those_of_plain_transformers(name: str, fps: float) -> None:
    """The same numbers come from a plain model on the processor's own output for the whole text, at any frame rate."""
    family, group = family_of(name), group_of(name, 2, fps)
    plain = AutoModelForImageTextToText.from_pretrained(checkpoint(name), dtype=torch.float64)
    with torch.no_grad():
        ours = [score(model_of(name, torch.float64), family, group, path=path).logprobs_KT for path in SHARED]
        for k, answer in enumerate(ANSWERS[:2]):
            inputs = family.process(clip(fps=fps), answered_text(family.processor, QUESTION, answer))
            expected_T = next_tokens(plain(**inputs).logits[0], inputs["input_ids"][0], group.prompt_length)
            for path, ours_KT in zip(SHARED, ours, strict=True):
                assert float((ours_KT[k, : len(expected_T)] - expected_T).abs().max()) <= 1e-10, path


def next_tokens(logits_LV: Tensor, ids_L: Tensor, start: int) -> Tensor:
    """Log-probability of each token from `start` on, straight from the definition."""
    return torch.stack([logits_LV[i - 1].log_softmax(-1)[ids_L[i]] for i in range(start, len(ids_L))])


@pytest.mark.parametrize("name", FAMILIES)
def test_a_padded_batch_of_plain_transformers_agrees(name: str) -> None:
    """Rows padded to one length, as other trainers make them, give the same scores as rows that share a prompt."""
    family, group, visual = family_of(name), group_of(name), clip()
    batch = family.processor(
        text=[answered_text(family.processor, QUESTION, answer) for answer in ANSWERS],
        videos=[torch.from_numpy(visual.frames_NHWC).permute(0, 3, 1, 2)] * len(ANSWERS),
        video_metadata=[family.metadata(visual) for _ in ANSWERS],
        do_sample_frames=False,
        return_tensors="pt",
        padding=True,
        padding_side="right",
    )
    batch.pop("video_metadata", None)
    plain = AutoModelForImageTextToText.from_pretrained(checkpoint(name), dtype=torch.float64)
    with torch.no_grad():
        logits_KLV = plain(**batch).logits
        ours = score(model_of(name, torch.float64), family, group).logprobs_KT
    for k, length in enumerate(group.answer_lengths):
        row_L = batch["input_ids"][k, : group.prompt_length + length]
        expected_T = next_tokens(logits_KLV[k], row_L, group.prompt_length)
        assert float((ours[k, :length] - expected_T).abs().max()) <= 1e-10


@pytest.mark.parametrize("name", ["qwen2_5_vl", "qwen3_vl"])
def test_true_times_change_the_score(name: str) -> None:
    """A clip at 0.5 fps is not scored as the same frames at 2 fps, by at least 0.001 nats."""
    model = model_of(name, torch.float64)
    with torch.no_grad():
        slow, fast = (score(model, family_of(name), group_of(name, 1, fps)) for fps in (0.5, 2.0))
    assert off(slow, fast) > 1e-3


def test_padding_is_zero_and_masked() -> None:
    """Beyond an answer's EOS log-probability, mask and hidden state are 0, and its sum is over its own tokens alone."""
    group = group_of("qwen2_5_vl")
    scores = score(model_of("qwen2_5_vl", torch.float32), family_of("qwen2_5_vl"), group, hidden=True)
    assert scores.lengths_K.tolist() == list(group.answer_lengths)
    assert scores.hidden_KTD is not None
    for k, length in enumerate(group.answer_lengths):
        assert scores.mask_KT[k].tolist() == [t < length for t in range(max(group.answer_lengths))]
        assert not scores.logprobs_KT[k, length:].any()
        assert not scores.hidden_KTD[k, length:].any()
    assert torch.equal(scores.sums_K, torch.where(scores.mask_KT, scores.logprobs_KT, 0).sum(-1))


@pytest.mark.parametrize("path", ScorePath)
@pytest.mark.parametrize("name", FAMILIES)
def test_hidden_states_are_what_the_head_reads(name: str, path: ScorePath) -> None:
    """Hidden states through the head give the log-probabilities again: enough for an exact KL over the vocabulary."""
    model, group = model_of(name, torch.float64), group_of(name)
    with torch.no_grad():
        scores = score(model, family_of(name), group, path=path, hidden=True)
        assert scores.hidden_KTD is not None
        logits_KTV = model.get_output_embeddings()(scores.hidden_KTD)
    for k, ids_T in enumerate(group.answer_ids):
        again_T = logits_KTV[k, : len(ids_T)].log_softmax(-1).gather(-1, ids_T[:, None])[:, 0]
        assert float((again_T - scores.logprobs_KT[k, : len(ids_T)]).abs().max()) <= 1e-10


@pytest.mark.parametrize("name", FAMILIES)
def test_only_answers_reach_the_head_and_the_tower_runs_once(name: str) -> None:
    """The head sees as many rows as the answers have tokens; the tower runs once a visual, or not at all."""
    family, model, group = family_of(name), model_of(name, torch.float32), group_of(name)
    tower = next(
        m for n, m in model.named_modules() if n in ("model.visual", "model.vision_tower", "model.video_tower")
    )
    towers, head_rows = [], []
    hooks = [
        tower.register_forward_hook(lambda *_: towers.append(1)),
        model.get_output_embeddings().register_forward_hook(lambda _, inputs, __: head_rows.append(inputs[0].shape[1])),
    ]
    try:
        with torch.no_grad():
            for path in ScorePath:
                score(model, family, group, path=path)
            assert len(towers) == len(ScorePath)
            known = family.features(model, group)
            bit_equal = torch.equal(
                score(model, family, group, features=known).logprobs_KT, score(model, family, group).logprobs_KT
            )
    finally:
        for hook in hooks:
            hook.remove()
    assert bit_equal
    assert len(towers) == len(ScorePath) + 2
    total = sum(group.answer_lengths)
    assert head_rows == [*group.answer_lengths, total, total, total, total]


def gradients(model: nn.Module, family: ModelFamily, group: EncodedGroup, path: ScorePath) -> Tensor:
    """Gradient of a sum in which every token of every answer has a weight of its own, all parameters in one vector."""
    model.zero_grad()
    logprobs_KT = score(model, family, group, path=path).logprobs_KT
    weights = torch.linspace(-1, 2, logprobs_KT.numel(), dtype=logprobs_KT.dtype).reshape(logprobs_KT.shape)
    (weights * logprobs_KT).sum().backward()
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


@pytest.mark.parametrize("answers", [1, 2, 4])
@pytest.mark.parametrize("name", FAMILIES)
def test_gradients_of_every_weight_are_those_of_unshared(name: str, answers: int) -> None:
    """Tower, projector and language model get the same gradient: the difference is at most 1e-5 of its norm."""
    family, group = family_of(name), group_of(name, answers)
    model = family.load(dtype=torch.float32)
    oracle = gradients(model, family, group, ScorePath.UNSHARED)
    tower = next(p for n, p in model.named_parameters() if "vis" in n or "video_tower" in n)
    assert tower.grad is not None
    assert tower.grad.any()
    for path in SHARED:
        found = gradients(model, family, group, path)
        assert found.shape == oracle.shape
        assert float((found - oracle).norm() / oracle.norm()) <= 1e-5, path


def adapted(name: str) -> PeftModel:
    """LoRA on the language model, both factors random, with gradient checkpointing, training."""
    family = family_of(name)
    config = LoraConfig(r=4, lora_alpha=8, target_modules=family.lora_targets, init_lora_weights=False)
    torch.manual_seed(0)
    model = get_peft_model(family.load(dtype=torch.float32), config)
    bare(model).activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    # transformers makes all embeddings require a gradient, a frozen tower's too, which is not needed here.
    bare(model).disable_input_require_grads()
    assert bare(model).is_activation_checkpointing
    return model.train()


@pytest.mark.parametrize("answers", [1, 2, 4])
@pytest.mark.parametrize("name", FAMILIES)
def test_adapters_and_checkpointing_change_nothing(name: str, answers: int) -> None:
    """With LoRA and gradient checkpointing all paths agree as without, and the reference is the adapter off."""
    family, group, model = family_of(name), group_of(name, answers), adapted(name)
    oracle = gradients(model, family, group, ScorePath.UNSHARED)
    with torch.no_grad():
        policy = score(model, family, group, path=ScorePath.UNSHARED)
        base = score(model_of(name, torch.float32), family, group, path=ScorePath.UNSHARED)
    assert off(policy, base) > 0.01, "an adapter that does nothing would hide mistakes"
    for path in SHARED:
        found = gradients(model, family, group, path)
        assert float((found - oracle).norm() / oracle.norm()) <= 1e-5, path
        with torch.no_grad():
            assert off(score(model, family, group, path=path), policy) <= 1e-5, path
            with model.disable_adapter():
                assert off(score(model, family, group, path=path), base) <= 1e-5, path


@pytest.mark.parametrize("name", FAMILIES)
def test_lora_targets_are_the_linears_of_the_language_model(name: str) -> None:
    """Every linear layer of the language model gets an adapter; tower, projector and head get none."""
    model = adapted(name)
    wrapped = {n for n, m in bare(model).named_modules() if hasattr(m, "lora_A")}
    plain = model_of(name, torch.float32).named_modules()
    assert wrapped == {n for n, m in plain if isinstance(m, nn.Linear) and "language_model" in n}


def blind_to_others(prompt: int, lengths: tuple[int, ...], device: torch.device) -> Tensor:
    """The mistake that packing makes: each answer sees the answers before it."""
    return torch.ones_like(answer_mask(prompt, lengths, device)).tril(diagonal=prompt)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_a_run_keeps_the_split_that_is_exact(dtype: torch.dtype) -> None:
    """The comparison at the start is in float32 whatever the model's precision, and leaves the model as it was."""
    family, model = family_of("qwen2_5_vl"), family_of("qwen2_5_vl").load(dtype=dtype).train()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    said: list[str] = []
    check = compare_paths(model, family, group_of("qwen2_5_vl"), warn=said.append)
    assert (check.path, check.warning, said) == (ScorePath.SPLIT, None, [])
    assert check.largest_difference <= 1e-5
    assert model.training
    assert all(tensor.dtype == before[n].dtype and tensor.equal(before[n]) for n, tensor in model.state_dict().items())


def test_a_wrong_split_falls_back_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers that see each other are found: the run continues by mask, or unshared if that is wrong too."""
    family, model, group = family_of("qwen2_5_vl"), model_of("qwen2_5_vl", torch.float32), group_of("qwen2_5_vl")
    monkeypatch.setattr(stages.models.video_llm.score, "answer_mask", blind_to_others)
    said: list[str] = []
    check = compare_paths(model, family, group, warn=said.append)
    assert (check.path, said) == (ScorePath.MASK, [check.warning])
    assert check.largest_difference > 1e-3
    monkeypatch.setattr(stages.models.video_llm.attention, "answer_mask", blind_to_others)
    check = compare_paths(model, family, group, warn=said.append)
    assert (check.path, said[1:]) == (ScorePath.UNSHARED, [check.warning])


class Quantised(nn.Linear):
    """A linear layer that multiplies in a precision of its own, as 4-bit layers do."""

    compute_dtype = torch.bfloat16
    seen: ClassVar[set[torch.dtype]] = set()

    def forward(self, inputs: Tensor) -> Tensor:
        """Half precision in between, the input's precision outside."""
        self.seen.add(self.compute_dtype)
        weight = self.weight.to(self.compute_dtype)
        return nn.functional.linear(inputs.to(self.compute_dtype), weight).to(inputs.dtype)


def test_quantised_layers_are_compared_in_float32() -> None:
    """Layers that multiply in bfloat16 do it in float32 for the comparison, so that rounding hides no mistake."""
    family, group = family_of("llava_onevision"), group_of("llava_onevision")
    model = family.load(dtype=torch.float32)
    for module in model.model.language_model.modules():
        if isinstance(module, nn.Linear) and module.bias is None:
            module.__class__ = Quantised
    check = compare_paths(model, family, group)
    assert check.path is ScorePath.SPLIT
    assert check.largest_difference <= 1e-5
    layer = model.model.language_model.layers[0].mlp.up_proj
    assert (type(layer), layer.compute_dtype) == (Quantised, torch.bfloat16)
    assert Quantised.seen == {torch.float32}


def test_without_memory_for_float32_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that holds the model in half precision alone compares in it, with a wider limit, and says both."""

    def full(_: nn.Module) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    family = family_of("qwen3_vl")
    monkeypatch.setattr(stages.models.video_llm.score, "_at_least_float32", full)
    said: list[str] = []
    check = compare_paths(family.load(dtype=torch.bfloat16), family, group_of("qwen3_vl"), warn=said.append)
    assert (check.path, check.limit) == (ScorePath.SPLIT, stages.models.video_llm.score.HALF_LIMIT)
    assert said == [check.warning]
    assert "no memory for float32" in said[0]


def test_a_failed_comparison_frees_its_tensors_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass that fills the memory is forgotten before weights become half again, and before the next pass begins."""
    family, model = family_of("qwen3_vl"), family_of("qwen3_vl").load(dtype=torch.bfloat16)
    scored, weights_to_half = stages.models.video_llm.score.score, torch.Tensor.to
    held: list[weakref.ref[Tensor]] = []

    def fills_memory(model: nn.Module, *args: Any, **kwargs: Any) -> Scores:
        if next(model.parameters()).dtype is torch.bfloat16:
            assert [one() for one in held] == [None]
            return scored(model, *args, **kwargs)
        activations = torch.zeros(8)
        held.append(weakref.ref(activations))
        raise torch.OutOfMemoryError("CUDA out of memory")

    def to(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        assert torch.bfloat16 not in args or [one() for one in held] == [None]
        return weights_to_half(self, *args, **kwargs)

    monkeypatch.setattr(stages.models.video_llm.score, "score", fills_memory)
    monkeypatch.setattr(torch.Tensor, "to", to)
    check = compare_paths(model, family, group_of("qwen3_vl"))
    assert (check.path, check.limit, len(held)) == (ScorePath.SPLIT, stages.models.video_llm.score.HALF_LIMIT, 1)


def test_nan_is_no_agreement() -> None:
    """A model whose scores are NaN is not found exact."""
    family = family_of("llava_onevision")
    model = family.load(dtype=torch.float32)
    with torch.no_grad():
        model.get_output_embeddings().weight[0, 0] = math.nan
    assert compare_paths(model, family, group_of("llava_onevision")).path is ScorePath.UNSHARED


def test_layers_without_full_attention_are_scored_unshared(tmp_path: Path) -> None:
    """A language model with sliding windows is scored as plain transformers scores it, unshared alone, and says so."""
    from stages.models.video_llm import open_family
    from tests.trainer.checkpoints import MAKERS, spread

    model, processor = MAKERS["llava_onevision"]()
    text = {"use_sliding_window": True, "sliding_window": 8, "max_window_layers": 1}
    config = type(model.config).from_dict({**model.config.to_dict()})
    config.text_config = type(model.config.text_config)(
        **{**model.config.text_config.to_dict(), **text, "layer_types": None}
    )
    model = type(model)(config)
    spread(model)
    model.save_pretrained(tmp_path)
    processor.save_pretrained(tmp_path)
    family = open_family(str(tmp_path))
    ours, plain = (
        family.load(dtype=torch.float64),
        AutoModelForImageTextToText.from_pretrained(tmp_path, dtype=torch.float64),
    )
    group = family.encode(clip(), QUESTION, ANSWERS[:1])
    check = compare_paths(ours, family, group)
    assert check.path is ScorePath.UNSHARED
    assert check.warning is not None
    assert "sliding_attention" in check.warning
    with pytest.raises(ModelError, match="use unshared"):
        score(ours, family, group, path=ScorePath.SPLIT)
    inputs = family.process(clip(), answered_text(family.processor, QUESTION, ANSWERS[0]))
    with torch.no_grad():
        found_T = score(ours, family, group, path=ScorePath.UNSHARED).logprobs_KT[0]
        expected_T = next_tokens(plain(**inputs).logits[0], inputs["input_ids"][0], group.prompt_length)
    assert float((found_T - expected_T).abs().max()) <= 1e-10
