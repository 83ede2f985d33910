"""What a stored clip proves: answers and pairs, by the margins of the recipe."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from schemas.arrow import from_table, to_table
from schemas.claim import PREDICATES, Axis, Claim, Names
from schemas.clip import UnitClip
from schemas.drop import DropCause, DropReason
from schemas.interval import Interval
from schemas.pair import Verdict
from schemas.record import Record
from schemas.scene import Scene
from schemas.shown import AS_STORED, Shown
from stages.claims.alone import is_of_stretch
from stages.claims.checked import UNKNOWN, Checked, TruthValue
from stages.claims.checker import check, check_worded, gap_seconds
from stages.claims.edited_scene import edited, edited_seconds, is_known_as_shown
from stages.claims.fully_visible import shows_parts
from stages.claims.margins import Margins
from stages.claims.planted import check_planted
from stages.claims.scene_view import SceneView
from stages.claims.single_frame import restrict
from stages.stage import PixelReader, read_here
from stages.visuals.change import EditChanges
from stages.visuals.unborne import UnborneEditError


class ProofConfig(Record):
    """What it takes to prove an answer."""

    margins: Margins = Margins()
    edge_seconds: float = Field(default=0.2, ge=0)
    """The verdict must not change when an edge of an interval moves by this much."""
    min_gap_seconds: float = Field(default=1.0, gt=0)
    """Least gap between the two intervals of a cross_frame claim; half of the clip, if that is shorter."""
    other_frames: int = Field(default=3, ge=0)
    """A cross_frame claim must be unknown on each evidence frame, and on this many other frames."""


@dataclass(frozen=True)
class Proof:
    """The verdict on an answer."""

    checked: Checked
    failure: DropCause | None
    """Why the answer is not proven; None if it is."""

    def verdict(self, claim: Claim) -> Verdict:
        """The proof as it is stored with the pair."""
        return Verdict(
            check="proof", passed=self.failure is None, margin=self.checked.margin, detail=claim.predicate.value
        )


class ClipProver:
    """Proves claims about one clip from what is stored of it. Each distinct claim is checked once."""

    def __init__(self, clip: UnitClip, config: ProofConfig, read: PixelReader = read_here) -> None:
        """`read` is how its frames are decoded, which only claims about planted edits need."""
        self.clip = clip
        self.changes = EditChanges(clip, read)
        """How visible edits of the clip are."""
        self._lent: dict[str, UnitClip] = {}
        self.config = config
        """What it takes to prove an answer."""
        self._views: dict[Shown, SceneView] = {}
        self._frames: dict[tuple[Shown, int], SceneView] = {}
        self._proofs: dict[tuple[Shown, bool, Claim], Proof] = {}
        self._answered_by_frame: dict[tuple[Shown, int, Claim], bool] = {}

    @property
    def margins(self) -> Margins:
        """The least margins by which claims must be true or false."""
        return self.config.margins

    @cached_property
    def _stored_scene(self) -> Scene:
        """The scene written to a table and read back, so that proofs use exactly what the set stores."""
        return from_table(Scene, to_table(Scene, [self.clip.scene]))[0]

    def view(self, shown: Shown = AS_STORED) -> SceneView:
        """The scene of the clip as it is shown; of a stretch that is shown alone, that of the whole clip.

        ValueError if that is not known.
        """
        if self._stretch(shown) is not None:
            shown = AS_STORED
        if shown not in self._views:
            self._views[shown] = SceneView(edited(self._stored_scene, shown))
        return self._views[shown]

    def _told_by(self, claim: Claim, shown: Shown) -> Shown:
        """What a claim is checked on: the whole clip, if a segment is shown alone and all that is said is about it."""
        stretch = self._stretch(shown)
        return AS_STORED if stretch is not None and is_of_stretch(claim, stretch) else shown

    def knows(self, shown: Shown) -> bool:
        """Whether what is shown has a scene: the whole clip, as it is or edited as a whole, or a stretch alone."""
        return self._stretch(shown) is not None or is_known_as_shown(self._stored_scene, shown)

    def _stretch(self, shown: Shown) -> Interval | None:
        """The stretch that is shown alone, unedited; None if it is not one."""
        segment = None if shown.edits else self.clip.segment(shown.segment_id)
        return segment.interval if segment else None

    def lend(self, other: UnitClip) -> None:
        """Give a clip of another video, which a stretch may be swapped with."""
        self._lent[other.clip_id] = other

    def prove(self, claim: Claim, *, chosen: bool, shown: Shown = AS_STORED) -> Proof:
        """Prove that a claim is true (`chosen`), or that it is false, by at least the least margin."""
        shown = self._told_by(claim, shown)
        plain = claim.model_copy(update={"margin": None})
        key = (shown, chosen, plain)
        if key not in self._proofs:
            self._proofs[key] = self._proof(plain, shown, chosen=chosen)
        return self._proofs[key]

    def _proof(self, claim: Claim, shown: Shown, *, chosen: bool) -> Proof:
        try:
            checked = self._checked(claim, shown)
        except UnborneEditError as error:
            return Proof(UNKNOWN, DropCause(DropReason.EVIDENCE_MISSING, str(error)))
        return Proof(checked, self._claim_failure(claim, checked, shown, chosen=chosen))

    def _checked(self, claim: Claim, shown: Shown) -> Checked:
        """The verdict on what is shown; UNKNOWN if a part of the clip is edited, or shown alone, and the claim is not
        about that.
        """
        if PREDICATES[claim.predicate].names is Names.EDITS:
            swapped = shown.other_clip_id or ""
            return check_planted(claim, shown, self.changes, self._lent.get(swapped))
        if not is_known_as_shown(self._stored_scene, shown):
            return UNKNOWN
        return check_worded(claim, self.view(shown), edge_seconds=self.config.edge_seconds)

    def _claim_failure(self, claim: Claim, checked: Checked, shown: Shown, *, chosen: bool) -> DropCause | None:
        predicate = claim.predicate.value
        if checked.truth is not (TruthValue.TRUE if chosen else TruthValue.FALSE):
            reason = DropReason.CHOSEN_NOT_TRUE if chosen else DropReason.REJECTED_NOT_FALSE
            return DropCause(reason, f"{predicate} is {checked.truth}")
        if checked.kind is not None and not self.config.margins.allow(checked):
            limit = self.config.margins.least(checked.kind)
            return DropCause(DropReason.MARGIN_TOO_SMALL, predicate, checked.margin, limit)
        if PREDICATES[claim.predicate].names is Names.EDITS:
            return None
        if shows_parts(claim, self.view(shown)):
            return DropCause(DropReason.PARTLY_SEEN, f"{predicate}: a thing is only partly visible")
        gap, half = gap_seconds(claim), (self.clip.end_seconds - self.clip.start_seconds) / 2
        least_gap = min(self.config.min_gap_seconds, half)
        if gap is not None and gap < least_gap - 1e-6:
            return DropCause(
                DropReason.SINGLE_FRAME_ANSWERS, f"{predicate}: the intervals are too near", gap, least_gap
            )
        return None

    @staticmethod
    def must_hide_from_single_frames(claim: Claim) -> bool:
        """Whether no single frame may prove or refute the claim. What is edited is measured against other frames."""
        shape = PREDICATES[claim.predicate]
        return shape.axis is Axis.CROSS_FRAME and shape.names is not Names.EDITS

    def single_frame_failure(
        self, claim: Claim, evidence_frames: Iterable[int], shown: Shown = AS_STORED
    ) -> DropCause | None:
        """SINGLE_FRAME_ANSWERS if one evidence frame, or one of a few other frames, by itself proves or refutes a
        cross_frame claim; None otherwise.
        """
        if not self.must_hide_from_single_frames(claim):
            return None
        shown = self._told_by(claim, shown)
        plain = claim.model_copy(update={"margin": None})
        evidence = set(evidence_frames)
        for frame_index in sorted(evidence | self._others(evidence)):
            if self._answers(plain, frame_index, shown):
                return DropCause(DropReason.SINGLE_FRAME_ANSWERS, claim.predicate.value)
        return None

    def _others(self, evidence: set[int]) -> set[int]:
        """A few frames that are not evidence, evenly spread over the clip."""
        rest = [index for index in range(len(self.clip.frames)) if index not in evidence]
        count = min(self.config.other_frames, len(rest))
        return {rest[(2 * i + 1) * len(rest) // (2 * count)] for i in range(count)}

    def _answers(self, claim: Claim, frame_index: int, shown: Shown) -> bool:
        key = (shown, frame_index, claim)
        if key not in self._answered_by_frame:
            view = self._frame_view(frame_index, shown)
            self._answered_by_frame[key] = check(claim, view).truth is not TruthValue.UNKNOWN
        return self._answered_by_frame[key]

    def _frame_view(self, frame_index: int, shown: Shown) -> SceneView:
        key = (shown, frame_index)
        if key not in self._frames:
            moment = edited_seconds(self._stored_scene, shown, self.clip.frames[frame_index].pts_seconds)
            self._frames[key] = SceneView(restrict(self.view(shown).scene, moment))
        return self._frames[key]
