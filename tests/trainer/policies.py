"""Groups and adapters for the tests of evaluation: rows by hand, a visual of noise, LoRA with random weights."""

from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind
from schemas.policy import POLICY_VERSION, PolicyKind, PolicyManifest, StartAdapter, TrainedSet, TrainSummary
from schemas.shown import AS_STORED, Shown
from stages.models.video_llm import open_family
from tests.trainer.checkpoints import checkpoint
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip
from trainer.data.records import AnswerText, Contrast, GroupRows, TrainGroup
from trainer.policy.saved_adapter import SavedAdapter
from trainer.policy.trained import write_manifest
from trainer.recipe import TrainRecipe


def rows_of(
    group_id: str = "g",
    video_id: str = "v",
    chosen: str = ANSWERS[0],
    rejected: tuple[tuple[str, RejectedKind], ...] = (
        (ANSWERS[1], RejectedKind.RELEVANT),
        (ANSWERS[3], RejectedKind.IRRELEVANT),
    ),
    *,
    axis: Axis = Axis.TEMPORAL,
    twin_of: str | None = None,
    shown: Shown = AS_STORED,
) -> GroupRows:
    """A group of one chosen answer and those rejected ones."""
    wrong = tuple(AnswerText(text, f"{group_id}/{place}", kind) for place, (text, kind) in enumerate(rejected))
    return GroupRows(
        group_id=group_id,
        clip_id=f"{video_id}-000",
        video_id=video_id,
        axis=axis,
        question_type=QuestionType.SEQUENCE,
        question=QUESTION,
        answers=(AnswerText(chosen), *wrong),
        twin_of=twin_of,
        shown=shown,
    )


def shown(rows: GroupRows, *contrasts: Contrast, seed: int = 0) -> TrainGroup:
    """The group with a visual of noise."""
    return TrainGroup(rows, clip(seed=seed), contrasts)


def manifest_of(model: str, recipe: TrainRecipe, kind: PolicyKind = PolicyKind.ADAPTER) -> PolicyManifest:
    """The manifest that a training on `model` leaves."""
    return PolicyManifest(
        version=POLICY_VERSION,
        kind=kind,
        model=model,
        family="qwen2_5_vl",
        data=(TrainedSet(path="ds", fingerprint="f" * 64),),
        dropped_pairs=0,
        num_frames=8,
        recipe_name="dpo",
        recipe=recipe.model_dump(mode="json"),
        training=TrainSummary(steps=2, resumed_at=0, loss=0.7, score_path="split"),
    )


def write_adapter(family: str, folder: Path, seed: int = 0) -> Path:
    """LoRA on the session's checkpoint of `family`; its weights are random, so it changes every score."""
    opened = open_family(str(checkpoint(family)))
    torch.manual_seed(seed)
    lora = LoraConfig(r=4, lora_alpha=8, target_modules=opened.lora_targets, init_lora_weights=False)
    get_peft_model(opened.load(dtype=torch.float32), lora).save_pretrained(folder)
    return folder


def went_on_from(start: Path, policy: Path, family: str = "qwen2_5_vl") -> Path:
    """`policy`, an adapter's folder, with the policy.json of a training that went on from the adapter in `start`."""
    adapter = SavedAdapter(start, "start")
    manifest = manifest_of(str(checkpoint(family)), TrainRecipe())
    start_adapter = StartAdapter(path=str(start), sha256=adapter.sha256)
    write_manifest(policy, manifest.model_copy(update={"start": start_adapter}))
    return policy
