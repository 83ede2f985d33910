"""Every visual negative of a finished set, evaluated on the ground truth and not on the detector.

The claim must be true of the preferred visual, false of the corrupted one or its object gone, and true of the control.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.claim import ABOUT_EDITS, Claim, sole_claim
from schemas.pair import Pair
from schemas.shown import AS_STORED, Shown
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims import TruthValue
from stages.claims.checker import HIDDEN_SECONDS
from stages.claims.edited_scene import edited
from stages.claims.margins import Margins
from stages.claims.scene_view import SceneView
from stages.drawing.rectangles import Rect, bordered
from stages.negatives.check import NegativeCheck
from stages.negatives.footage import Footage
from stages.visuals.negatives import MASK_CELLS, boxes_about, mask_cells, one_object
from stages.wording.rewording import WordedStretches, reworded
from tests.prove.product import Product
from tests.prove.proof import TIME_ERROR_SECONDS, Proof

_GONE = 0.9
"""An object is gone where so much of its true box is covered: what is left is rim."""
NO_MARGIN = Margins.model_validate(dict.fromkeys(Margins.model_fields, 0.0))


@dataclass(frozen=True)
class WrongNegative:
    """A spec that the truth does not bear out."""

    kind: VisualKind
    group_id: str
    shown: Shown
    why: str
    answer: str
    spec: VisualNegative

    def __str__(self) -> str:
        spec = self.spec.model_dump_json(exclude_defaults=True)
        return f"{self.kind} of {self.group_id} ({self.shown.name}): {self.why}\n    {self.answer}\n    {spec}"


@dataclass(frozen=True)
class Negatives:
    """What was found."""

    groups: Counter[VisualKind]
    """Groups that have a spec of each kind."""
    wrong: tuple[WrongNegative, ...]


def negatives_of(product: Product, proof: Proof) -> Negatives:
    """All specs of a set, each group's once."""
    contents = {pair.clip_id: content for content, pair in product.pairs}
    groups = {pair.group_id: pair for _, pair in product.pairs}
    checks: dict[tuple[str, Shown], NegativeCheck] = {}
    counts: Counter[VisualKind] = Counter()
    wrong: list[WrongNegative] = []
    for pair in groups.values():
        content, clip = contents[pair.clip_id], product.clips[pair.clip_id]
        if any(claim.predicate in ABOUT_EDITS for claim in pair.chosen_claims):
            counts.update({spec.kind for spec in pair.visual_negatives})
            wrong += _wrong_edits(pair, content, proof)
            continue
        key = (content, pair.shown)
        if key not in checks:
            at_true_cuts = proof.at_true_cuts(content, clip)
            footage = Footage(proof.view(*key), at_true_cuts, pair.shown, proof.names(content))
            checks[key] = NegativeCheck(
                footage,
                NO_MARGIN,
                edge_seconds=0.0,
                hidden_seconds=HIDDEN_SECONDS + TIME_ERROR_SECONDS,
                sizes_of_parts=True,
            )
        for spec in pair.visual_negatives:
            counts[spec.kind] += 1
            other = proof.view(contents[spec.other_clip_id], AS_STORED) if spec.other_clip_id else None
            reasons = _objections(pair, spec, checks[key], proof, content, other)
            wrong += [WrongNegative(spec.kind, pair.group_id, pair.shown, why, pair.chosen, spec) for why in reasons]
    return Negatives(counts, tuple(wrong))


def _wrong_edits(pair: Pair, content: str, proof: Proof) -> Iterator[WrongNegative]:
    """The specs of a question about planted edits that leave its true answer true."""
    for spec in pair.visual_negatives:
        shown = spec.shown or AS_STORED
        reasons = [proof.planted.objection(content, claim, shown, TruthValue.FALSE) for claim in pair.chosen_claims]
        if all(reasons):
            yield WrongNegative(spec.kind, pair.group_id, pair.shown, str(reasons[0]), pair.chosen, spec)


def _objections(
    pair: Pair, spec: VisualNegative, check: NegativeCheck, proof: Proof, content: str, other: SceneView | None
) -> Iterator[str]:
    asserted = sole_claim(pair.chosen_claims)
    if asserted is None:
        yield "it is not about one claim"
        return
    texts = (pair.question, pair.chosen)
    worded = _as_worded(asserted, texts, check)
    claim = proof.named(content, worded) if worded else proof.translated(content, asserted, pair.shown)
    failure = check.failure(claim, texts, spec, other)
    if failure is not None:
        yield f"{failure.reason}, {failure.detail}"
    yield from _left_over(claim, spec, check)


def _as_worded(claim: Claim, texts: Sequence[str], check: NegativeCheck) -> Claim | None:
    """The claim on the stretches of the true scene that its words name; None where they name them by what happens."""
    if check.footage.shown.segment_id is not None:
        return None  # it has no words of time
    seen = WordedStretches(edited(check.footage.clip.scene, check.footage.shown))
    return reworded(claim, texts, seen, WordedStretches(check.footage.scene))


def _left_over(claim: Claim, spec: VisualNegative, check: NegativeCheck) -> Iterator[str]:
    """What of the object a spec that hides it leaves to be seen."""
    footage = check.footage
    if spec.kind in (VisualKind.INPAINTED, VisualKind.FILLED, VisualKind.MOVED):
        index = spec.preferred_frame_index or 0
        area = footage.rect(spec.track_id or "", index)
        share = covered(_true_box(check, spec.track_id or "", index), bordered(area)) if area else 0.0
        if share < _GONE:
            yield f"{share:.2f} of the object lies in the area that is changed"
    if spec.kind is VisualKind.RANDOM_MASK:
        tracks = one_object(footage.clip.scene, spec.track_id or "")
        for index in range(len(footage.clip.frames)):
            boxes = boxes_about(footage.clip, tracks, index, footage.shown)
            true = _true_box(check, claim.subject_tracks[0], index)
            share = _masked(true, spec.seed, index, boxes) if true else 1.0
            if share < _GONE:
                yield f"{share:.2f} of the object is masked on frame {index}"


def _true_box(check: NegativeCheck, track_id: str, frame_index: int) -> Rect | None:
    """The place of an object on a frame by the truth, whichever of its tracks it is."""
    view = check.frame_view(frame_index)
    name = check.footage.name(track_id)
    things = {track.track_id: track for track in view.scene.tracks}
    same = [track for key, track in things.items() if key.partition(".")[0] == name.partition(".")[0]]
    if not same:
        return None
    point = same[0].path[0]
    return point.x0, point.y0, point.x1, point.y1


def covered(box: Rect | None, area: Rect) -> float:
    """The share of a box that an area covers; 1 for no box."""
    if box is None:
        return 1.0
    width, height = min(box[2], area[2]) - max(box[0], area[0]), min(box[3], area[3]) - max(box[1], area[1])
    return max(0.0, width) * max(0.0, height) / ((box[2] - box[0]) * (box[3] - box[1]))


def _masked(box: Rect, seed: int, frame_index: int, boxes: Sequence[Rect]) -> float:
    """The share of a box that a random mask with these boxes covers."""
    rows, columns = MASK_CELLS
    cells_RK = mask_cells(seed, frame_index, boxes)
    cells = ((r, c) for r in range(rows) for c in range(columns) if cells_RK[r, c])
    return sum(covered(box, (c / columns, r / rows, (c + 1) / columns, (r + 1) / rows)) for r, c in cells)
