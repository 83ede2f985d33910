"""Render, look, build, and hold everything against the truth."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.audit.report import AuditReport
from pipeline.build.recipe import Recipe, load_recipe
from pipeline.demo.world.world import Tag
from schemas.drop import ItemType
from tests.prove.blind import read_blind
from tests.prove.clips import KEPT_APART, PARTS, PLAIN, Rendered, rendered_clips
from tests.prove.counts import Counts, count
from tests.prove.detection import Detection, falsely_still, measure
from tests.prove.kept_apart.clips import kept_clips
from tests.prove.negatives import Negatives, negatives_of
from tests.prove.product import Product, build_set
from tests.prove.proof import Proof, Wrong
from tests.prove.report import (
    FULL,
    SHORT,
    Demand,
    account_demand,
    blind_demands,
    claim_demands,
    detection_demands,
    faint_demands,
    kept_apart_demands,
    leak_demands,
    negative_demands,
    noisy_demands,
    planted_demands,
    set_demands,
    twin_demands,
)
from tests.prove.seen import RememberingGround, Seen, look_at, remembering_ground
from tests.prove.told import noisy_claims, telling_ground

_SHORT_SETTINGS = ("ground.motion.faces.frames_per_second=1",)
"""No world has faces, and looking for them takes half the time of looking at a clip."""

_FULL_SETTINGS = ("generate.planted.max_questions=20", "finalise.max_groups_per_clip=48")
"""Few clips show every kind of edit; of these each is asked about twice, beside as much of the rest as ever."""


@dataclass(frozen=True)
class Request:
    """What to prove."""

    clips: int
    seeds: int
    short: bool
    cache: Path
    processes: int = 2
    detector_only: bool = False
    kept_apart: bool = False
    """Whether the family kept apart is looked at, too. It is for the final figure: every run of it is to be listed."""


@dataclass
class Findings:
    """All that was found."""

    detection: dict[str, Detection]
    """By part of the clips; `KEPT_APART` is the family kept apart, where the camera stands still."""
    demands: list[Demand] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    negatives: Negatives | None = None
    counts: Counts | None = None
    audit: AuditReport | None = None

    @property
    def unmet(self) -> list[Demand]:
        """What does not hold."""
        return [demand for demand in self.demands if not demand.met]


def prove(request: Request) -> Findings:
    """Everything from rendering to the audit; what was rendered and seen before comes from the cache."""
    settings = _SHORT_SETTINGS if request.short else _FULL_SETTINGS
    name, recipe = load_recipe("facts", ["generate.planted.share=0.3", *settings])
    clips = rendered_clips(
        request.clips, request.seeds, short=request.short, cache=request.cache, processes=request.processes
    )
    ground = remembering_ground(recipe.decode, recipe.ground, request.cache)
    look = partial(look_at, clips, recipe.decode, ground, seed=recipe.seed, processes=request.processes)
    if request.processes > 1 and not request.detector_only:
        look()  # at several clips at a time: the build looks at one after the other, unless all have been seen
    product = None
    if not request.detector_only:
        telling = telling_ground(ground, clips)
        product = build_set(clips[0].path.parent, request.cache / "set", name, recipe, telling)
    seen = look()
    findings = Findings({part: measure(clips, seen, part) for part in PARTS})
    findings.demands += detection_demands(findings.detection[PLAIN])
    findings.demands += faint_demands(findings.detection[Tag.FAINT])
    if request.kept_apart:
        _prove_kept_apart(request, name, recipe, ground, findings)
    if product is None:
        return findings
    scale = SHORT if request.short else FULL
    videos = product.manifest.account.line(ItemType.VIDEO)
    findings.demands.append(account_demand(videos.produced if videos else 0, len(clips)))
    stored = {clip.content_sha256: clip for clip in product.clips.values()}
    proof = Proof(clips, _as_told(clips, seen, product), stored)
    wrong = proof.wrong_claims(product.pairs)
    findings.wrong += wrong
    findings.demands += [*claim_demands(wrong), *planted_demands(product.pairs, wrong, scale)]
    noisy = noisy_claims(clips, ground)
    findings.wrong += noisy.wrong
    findings.demands += noisy_demands(noisy)
    findings.negatives = negatives_of(product, proof)
    findings.demands += [*twin_demands(product.pairs, wrong), *negative_demands(findings.negatives)]
    findings.counts = count([pair for _, pair in product.pairs], len(clips))
    findings.demands += set_demands(findings.counts, scale)
    findings.audit, leaks = read_blind(product.folder)
    findings.demands += [*blind_demands(findings.audit, scale), *leak_demands(leaks)]
    return findings


def _as_told(clips: Sequence[Rendered], seen: Sequence[Seen], product: Product) -> list[Seen]:
    """What was seen, with the names and words of the set's clips."""
    scenes = {clip.content_sha256: clip.scene for clip in product.clips.values()}
    return [
        replace(one, scene=scenes.get(clip.content_sha256, one.scene)) for clip, one in zip(clips, seen, strict=True)
    ]


def _prove_kept_apart(
    request: Request, name: str, recipe: Recipe, ground: RememberingGround, findings: Findings
) -> None:
    """Boxes, cameras and claims of the family kept apart."""
    clips = kept_clips(request.cache, processes=request.processes)
    seen = look_at(clips, recipe.decode, ground, seed=recipe.seed, processes=request.processes)
    findings.detection[KEPT_APART] = measure(clips, seen, PLAIN)
    wrong = None
    if not request.detector_only:
        product = build_set(clips[0].path.parent, request.cache / "set_apart", name, recipe, ground)
        wrong = Proof(clips, seen, {clip.content_sha256: clip for clip in product.clips.values()}).wrong_claims(
            product.pairs
        )
        findings.wrong += wrong
    cameras = falsely_still(clips, seen)
    findings.demands += kept_apart_demands(findings.detection[KEPT_APART], cameras, wrong)
