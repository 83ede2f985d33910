"""Whole trainings: what they print, log and write.

Covers train, session, policy_folder, group_trainer, group_scorer, monitor, probe, reference_scores and
trainer/policy/policy.
"""

from pathlib import Path
from typing import Any

import peft
import pytest
import torch
import transformers as hf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from schemas.policy import PolicyKind
from stages.models.video_llm import open_family
from stages.models.video_llm.family import TimePositions
from stages.models.video_llm.qwen import Qwen25VL
from stages.models.video_llm.score import score
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import recipe, request, run, training_set
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.ranks import Rank
from trainer.loop.session import Session
from trainer.losses import Term
from trainer.policy.trained import trained_of

pytestmark = pytest.mark.slow(90)

FAST: dict[str, Any] = {"learning_rate": 1e-2, "warmup": 0.0}
SHORT: dict[str, Any] = {"max_steps": 2, "pairs_per_step": 6}
FEW: dict[str, Any] = {"held_out_share": 0.25, "held_out_groups": 1, "max_groups": 2, "num_frames": 2}
"""Two groups to train on, one held out."""
TWO: dict[str, Any] = {"pairs_per_step": 3}
"""A step for each of them."""


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that some steps have changed, to be read only."""
    folder = tmp_path_factory.mktemp("policy")
    run(folder, recipe(optimiser=FAST, run=SHORT))
    return folder


def logprobs(model: Any, path: Path, folder: Path) -> torch.Tensor:
    """The log-probabilities of the first group's answers by `score`."""
    session = Session(request(folder, recipe()), Rank(), lambda _: None)
    ready = session.encoder.encode(session.data.groups[0])
    with torch.no_grad():
        return score(model.eval(), open_family(str(path)), ready.answers).logprobs_KT


def plain_logprobs(model: Any, folder: Path) -> list[torch.Tensor]:
    """The same log-probabilities by a plain forward of transformers on each prompt with its answer."""
    session = Session(request(folder, recipe()), Rank(), lambda _: None)
    answers = session.encoder.encode(session.data.groups[0]).answers
    found = []
    for ids_T in answers.answer_ids:
        types_T = torch.zeros_like(ids_T)
        with torch.no_grad():
            logits_LV = model.eval()(
                input_ids=torch.cat((answers.prompt_ids_P, ids_T))[None],
                mm_token_type_ids=torch.cat((answers.token_types_P, types_T))[None],  # type: ignore[arg-type]
                **answers.vision,
            ).logits[0]
        predicted_TV = logits_LV[answers.prompt_length - 1 : -1].log_softmax(-1)
        found.append(predicted_TV.gather(1, ids_T[:, None])[:, 0])
    return found


def test_the_adapter_is_the_policy_in_plain_transformers(adapter: Path, tmp_path: Path) -> None:
    """Peft puts the adapter on the base model as transformers loads it: plain forwards on the processor's own output
    give the log-probabilities of the policy with its own attention; and they are not those of the base model.
    """
    base = hf.AutoModelForImageTextToText.from_pretrained(checkpoint("qwen2_5_vl"), dtype=torch.float32)
    before = plain_logprobs(base, tmp_path)
    adapted = peft.PeftModel.from_pretrained(base, str(adapter))
    after = plain_logprobs(adapted, tmp_path)
    ours = peft.PeftModel.from_pretrained(
        open_family(str(checkpoint("qwen2_5_vl"))).load(dtype=torch.float32),
        str(adapter),
    )
    scored_KT = logprobs(ours, checkpoint("qwen2_5_vl"), tmp_path)
    for k, own_T in enumerate(after):
        assert torch.allclose(scored_KT[k, : len(own_T)], own_T, atol=1e-5, rtol=0)
    assert max(float((a - b).abs().max()) for a, b in zip(before, after, strict=True)) > 1e-3


def test_merged_weights_are_the_policy(adapter: Path, tmp_path: Path) -> None:
    """With `merge` the folder is a model with its processor, and scores as adapter and base do."""
    merged = tmp_path / "merged"
    run(merged, recipe(optimiser=FAST, run=SHORT), merge=True)
    whole = open_family(str(merged)).load(dtype=torch.float32)
    base = open_family(str(checkpoint("qwen2_5_vl"))).load(dtype=torch.float32)
    adapted = peft.PeftModel.from_pretrained(base, str(adapter))
    difference = logprobs(whole, merged, tmp_path) - logprobs(adapted, checkpoint("qwen2_5_vl"), tmp_path)
    assert float(difference.abs().max()) < 1e-5


def test_full_fine_tuning_changes_only_the_language_model(tmp_path: Path) -> None:
    """Vision tower and projector stay as they were, to the bit; the reference comes from the cache."""
    out = tmp_path / "policy"
    _, said = run(
        out, recipe(data={"max_groups": 2}, adapter={"kind": "full"}, optimiser={"learning_rate": 1e-3, "warmup": 0.0})
    )
    assert any(line.startswith("reference scores of ") for line in said)
    before, after = (open_family(str(path)).load(dtype=torch.float32) for path in (checkpoint("qwen2_5_vl"), out))
    changed = {
        name
        for (name, old), new in zip(before.named_parameters(), after.parameters(), strict=True)
        if not torch.equal(old, new)
    }
    assert changed
    assert {name for name in changed if "visual" in name} == set()
    assert any("lm_head" in name for name in changed)


def test_what_is_printed_before_and_written_after(tmp_path: Path) -> None:
    """Groups, path, memory and time come before the first step; policy.json names recipe, model and set at the end."""
    asked = recipe(data={"held_out_share": 0.25}, run=SHORT)
    _, said = run(tmp_path / "policy", asked)
    starts = ("6 groups of 3 videos", "2 groups held out", "answers share their prompt: split", "memory: ", "time: ")
    assert [line for line in said if line.startswith(starts)] == said[:5]
    assert said[-2].startswith("step 2 of 2")
    assert said[-1].startswith("the best of 2 steps is 2: held-out accuracy ")
    trained = trained_of(str(tmp_path / "policy"))
    assert trained is not None
    manifest = trained.manifest
    assert (manifest.kind, manifest.model) == (PolicyKind.ADAPTER, str(checkpoint("qwen2_5_vl")))
    assert [given.path for given in manifest.data] == [str(training_set())]
    assert trained.recipe == asked
    assert manifest.training.steps == 2
    card = (tmp_path / "policy" / "README.md").read_text()
    assert f'base_model: "{checkpoint("qwen2_5_vl")}"' in card
    assert "More Information Needed" not in card


def test_held_out_groups_are_evaluated_from_the_start(tmp_path: Path) -> None:
    """Before the first step and after the last: pairs by axis, their KL, which is 0 at first, and generated answers."""
    run(tmp_path / "policy", recipe(data={**FEW, "probe_questions": 1}, optimiser=FAST, run=TWO))
    looks = [r for r in MetricsLog(tmp_path / "policy" / METRICS).read() if "held_out/answers/all/kl" in r]
    assert [look["step"] for look in looks] == [0, 2]
    assert looks[0]["held_out/answers/all/kl"] == pytest.approx(0, abs=1e-6)
    assert float(looks[1]["held_out/answers/all/kl"] or 0) > 1e-6
    assert all("held_out/answers/temporal/accuracy" in look and "held_out/generated/whole" in look for look in looks)


def test_every_level_logs_its_kl(tmp_path: Path) -> None:
    """An evaluation of VistaDPO logs, for each level, the KL of the chosen answer on the visual on which it is true."""
    held = {**FEW, "rows": "best_of_each_kind", "probe_questions": 0, "num_frames": 4}
    run(tmp_path / "policy", recipe(data=held, loss={"method": "vistadpo"}, optimiser=FAST))
    first, last = [r for r in MetricsLog(tmp_path / "policy" / METRICS).read() if "held_out/answers/all/kl" in r]
    kl = {term: (first[f"held_out/{term}/all/kl"], last[f"held_out/{term}/all/kl"]) for term in map(str, Term)}
    assert all(before == pytest.approx(0, abs=1e-6) and float(after or 0) > 1e-6 for before, after in kl.values())
    assert kl["answers"] == kl["instance"] == kl["tokens"]  # the chosen answer on the whole video
    assert kl["temporal"][1] == pytest.approx(kl["answers"][1], rel=1e-4)  # the segment has all frames of the clip
    assert kl["perceptive"][1] != pytest.approx(kl["answers"][1], rel=1e-4)


def test_kept_features_change_nothing(tmp_path: Path) -> None:
    """With the vision tower's output read from the disk in the second epoch, log and adapter are the same bytes."""
    twice, two = {"epochs": 2, "pairs_per_step": 3}, {"max_groups": 2, "num_frames": 2}
    for name, kept in (("kept", True), ("made", False)):
        run(tmp_path / name, recipe(data=two, optimiser=FAST, run=twice, engine={"cache_features": kept}))
    assert list((tmp_path / "kept" / ".work" / "features").rglob("*.safetensors"))
    for file in (METRICS, "adapter_model.safetensors"):
        assert (tmp_path / "kept" / file).read_bytes() == (tmp_path / "made" / file).read_bytes()


def test_sft_trains_on_the_chosen_answers(tmp_path: Path) -> None:
    """Their negative log-likelihood falls."""
    asked = recipe(
        data={"rows": "chosen", "max_groups": 2},
        loss={"method": "sft"},
        optimiser=FAST,
        run={"epochs": 6, "pairs_per_step": 2},
    )
    run(tmp_path / "policy", asked)
    losses = [float(record["loss"] or 0) for record in MetricsLog(tmp_path / "policy" / METRICS).read()]
    assert losses[-1] < losses[0] - 1


def test_tensorboard_gets_the_numbers_of_the_log(tmp_path: Path) -> None:
    """Loss, learning rate and the numbers of every evaluation, at the log's steps, below the policy's folder."""
    held = {**FEW, "probe_questions": 0}
    run(tmp_path / "policy", recipe(data=held, run=TWO, engine={"report_to": ["tensorboard"], "log_every_steps": 1}))
    [file] = (tmp_path / "policy").rglob("events.out.tfevents.*")
    events = EventAccumulator(str(file)).Reload()
    found: dict[tuple[str, int], float] = {}
    for tag in events.Tags()["scalars"]:
        found |= {(tag.removeprefix("train/"), event.step): event.value for event in events.Scalars(tag)}
    logged = [r for r in MetricsLog(tmp_path / "policy" / METRICS).read() if "alarm" not in r]
    told = {(name, r["step"]): value for r in logged for name, value in r.items() if name != "step"}
    assert {place: found.get(place) for place in told} == pytest.approx(told, rel=1e-6)
    assert {step for name, step in told if name == "loss"} == {1, 2}


@pytest.mark.parametrize(("distinct", "lines"), [(2, 1), (4, 0)])
def test_frames_that_share_a_time_are_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, distinct: int, lines: int
) -> None:
    """Four frame pairs at two positions in time: one line gives both numbers; at four positions there is none."""
    monkeypatch.setattr(Qwen25VL, "time_positions", lambda *_: TimePositions(4, distinct, 0.5))
    _, said = run(tmp_path / "policy", recipe(data={"max_groups": 2}, run={"pairs_per_step": 1}))
    found = [line for line in said if "counts time in steps of 0.5 s" in line]
    assert len(found) == lines
    assert all("4 frame pairs" in line and "2 distinct times" in line for line in found)
