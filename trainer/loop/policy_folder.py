"""The folder of a trained policy: weights, processor and card, and policy.json, which is written last."""

from schemas.policy import POLICY_VERSION, PolicyKind, PolicyManifest, TrainedSet, TrainSummary
from stages.models.video_llm.score import ScorePath
from trainer.atomic_file import write_whole
from trainer.loop.session import Session, TrainRequest
from trainer.policy.card import policy_card
from trainer.policy.merge import Merger
from trainer.policy.policy import TrainedPolicy
from trainer.policy.trained import write_manifest
from trainer.recipe import AdapterKind
from trainer.scoring.ready_group import ReadyGroup

ADAPTER_FOLDER = "adapter"
"""The folder of the adapter beside merged weights."""
_COMPARED = 4
"""Groups on which merged weights are compared with the adapter."""


def write_policy(session: Session, policy: TrainedPolicy, summary: TrainSummary) -> None:
    """Write weights, processor and card, and policy.json last."""
    out = session.request.out
    _write_weights(session, policy, ScorePath(summary.score_path))
    session.family.processor.save_pretrained(out)
    manifest = _manifest(session, summary)
    write_whole(out / "README.md", policy_card(out.name, manifest).encode())
    write_manifest(out, manifest)


def _write_weights(session: Session, policy: TrainedPolicy, path: ScorePath) -> None:
    """The adapter or the whole model; with `merge`, the adapter and the weights that it is merged into.

    Processes that share the model have written its parts before.
    """
    request, out = session.request, session.request.out
    merges = request.merge and request.recipe.adapter.kind is not AdapterKind.FULL
    adapter = out / ADAPTER_FOLDER if merges else out
    if not session.rank.sharded:
        policy.save(adapter)
    if merges:
        policy.model.to("cpu")  # makes room for the model in float32
        compared = (session.data.held_out or session.data.groups)[:_COMPARED]
        attempts = (session.encoder.attempt((rows,)) for rows in compared)
        groups = [ready.answers for ready in attempts if isinstance(ready, ReadyGroup)]
        Merger(session.family, adapter, session.device, session.say).write(out, groups, path, request.merge_dtype)


def _manifest(session: Session, summary: TrainSummary) -> PolicyManifest:
    """How the policy was trained."""
    request = session.request
    whole = request.merge or request.recipe.adapter.kind is AdapterKind.FULL
    return PolicyManifest(
        version=POLICY_VERSION,
        kind=PolicyKind.WEIGHTS if whole else PolicyKind.ADAPTER,
        model=session.start.model,
        start=session.start.record,
        family=session.family.name,
        data=tuple(
            TrainedSet(path=given.path, fingerprint=given.opened.manifest.fingerprint, share=given.share)
            for given in request.data
        ),
        left_out_groups=len(request.left_out),
        dropped_pairs=len(session.data.drops),
        dropped_groups=session.feed.unusables.drops,
        num_frames=session.data.loader.num_frames,
        short_side=_short_side(request),
        recipe_name=request.recipe_name,
        recipe=request.recipe.model_dump(mode="json"),
        training=summary,
    )


def _short_side(request: TrainRequest) -> int | None:
    """Most pixels of the shorter side of the frames shown: those of the sets, or fewer if the recipe says so."""
    stored = [given.short_side for given in request.data if given.short_side is not None]
    limits = [request.recipe.data.short_side, max(stored, default=None)]
    return min((limit for limit in limits if limit is not None), default=None)
