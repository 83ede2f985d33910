"""Whether a visual negative breaks a claim: true on the preferred visual, false on the corrupted one, true on the
control.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.claim import Claim, Predicate
from schemas.clip import UnitClip
from schemas.drop import DropReason
from schemas.interval import Interval
from schemas.pair import VisualEdit, VisualKind, VisualLevel, VisualNegative
from schemas.scene import Scene
from stages.claims.checked import UNKNOWN, Checked, MarginKind, Truth, false_by
from stages.claims.checker import LEAST_COVERAGE, check, check_worded
from stages.claims.failure import Failure
from stages.claims.fully_visible import shows_parts
from stages.claims.margins import Margins
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.scene_view import SceneView
from stages.claims.single_frame import restrict
from stages.claims.visual_edit import edited, edited_interval, edited_seconds
from stages.negatives.scenes import black, moved, shuffled
from stages.negatives.table import BREAKS, EVENTS, HIDING, MOMENTARY
from stages.visuals import Rect, bordered, edited_rect, shuffled_order, stored_rect
from stages.wording.rewording import Worded, reworded

_INSTANT_SECONDS = 1e-3
_CLEAR = false_by(1.0, MarginKind.ABSENCE)


@dataclass(frozen=True)
class Footage:
    """One edited clip as specs speak of it: what it shows, and where its stored frames, segments and boxes lie."""

    scene: Scene
    """As it is after the edit."""
    clip: UnitClip
    """As it is stored."""
    edit: VisualEdit
    names: Mapping[str, str] = field(default_factory=dict)
    """The scene's names of the clip's tracks, where it has others: a true scene does."""

    def seconds(self, frame_index: int) -> float:
        """When the edited clip shows a stored frame."""
        return edited_seconds(self.scene, self.edit, self.clip.frames[frame_index].pts_seconds)

    def segment(self, segment_id: str | None) -> Interval | None:
        """When the edited clip shows a stored segment; None where there is none of that id."""
        for segment in self.clip.segments:
            if segment.segment_id == segment_id:
                stored = Interval(start_seconds=segment.start_seconds, end_seconds=segment.end_seconds)
                return edited_interval(self.scene, self.edit, stored)
        return None

    def rect(self, track_id: str, frame_index: int) -> Rect | None:
        """Where the edited frame shows a track, as it is stored."""
        return edited_rect(stored_rect(self.clip.scene, track_id, frame_index), self.edit)

    def name(self, track_id: str) -> str:
        """What the scene calls a stored track."""
        return self.names.get(track_id, track_id)


class Checks:
    """The checks of the clip that was asked about last, one for each edit."""

    def __init__(self, proof: ProofConfig) -> None:
        self._proof = proof
        self._prover: ClipProver | None = None
        self._made: dict[VisualEdit, NegativeCheck] = {}

    def of(self, prover: ClipProver, edit: VisualEdit) -> "NegativeCheck":
        """What holds claims about the edited clip of a prover against its corruptions."""
        if prover is not self._prover:
            self._prover, self._made = prover, {}
        if edit not in self._made:
            footage = Footage(prover.view(edit).scene, prover.clip, edit)
            self._made[edit] = NegativeCheck(footage, self._proof.margins, self._proof.edge_seconds)
        return self._made[edit]


class NegativeCheck:
    """Holds claims about one edited clip against its corruptions."""

    def __init__(
        self, footage: Footage, margins: Margins, edge_seconds: float, *, sizes_of_parts: bool = False
    ) -> None:
        """`sizes_of_parts`: whether a still tells the size of what it shows in part, as the truth does."""
        self.footage = footage
        self._sizes_of_parts = sizes_of_parts
        self._margins = margins
        self._edge_seconds = edge_seconds
        self._view = SceneView(footage.scene)
        self._words = Worded(footage.scene)
        self._views: dict[object, tuple[SceneView, Worded]] = {}
        self._stills: dict[int, SceneView] = {}

    def failure(
        self, claim: Claim, texts: Sequence[str], negative: VisualNegative, other: Scene | None = None
    ) -> Failure | None:
        """Why a spec does not serve; None where it breaks the claim.

        Args:
            claim: what the chosen answer asserts, true of the edited clip.
            texts: question and chosen answer.
            negative: the spec.
            other: the scene of the clip that it borrows, if it borrows one.
        """
        if negative.kind not in BREAKS[claim.predicate]:
            return Failure(DropReason.NEGATIVE_NOT_FALSE, f"{negative.kind} does not break {claim.predicate}")
        preferred = self.preferred(claim, negative)
        if preferred is not None and not self._is(Truth.TRUE, preferred):
            return self._failure(DropReason.PREFERRED_NOT_TRUE, preferred, negative)
        found = self.corrupted(claim, texts, negative, other)
        if not self._is(Truth.FALSE, found):
            return self._failure(DropReason.NEGATIVE_NOT_FALSE, found, negative)
        if negative.kind.changes_area and not self._control_leaves_it_true(claim, negative):
            return Failure(DropReason.CONTROL_NOT_TRUE, f"the control of {negative.kind} touches what the claim names")
        return None

    def _is(self, truth: Truth, checked: Checked) -> bool:
        return checked.truth is truth and self._margins.allow(checked)

    def _failure(self, reason: DropReason, found: Checked, negative: VisualNegative) -> Failure:
        limit = None if found.kind is None else self._margins.least(found.kind)
        return Failure(reason, f"{negative.kind}: {found.truth}", found.margin, limit)

    def preferred(self, claim: Claim, negative: VisualNegative) -> Checked | None:
        """The verdict on the visual that is to show the claim; None where that is the pair's own."""
        if negative.level is VisualLevel.TEMPORAL:
            segment = self.footage.segment(negative.preferred_segment_id)
            return UNKNOWN if segment is None else self.on_segment(claim, segment)
        if negative.level is VisualLevel.PERCEPTIVE:
            index = negative.preferred_frame_index or 0
            inside = any(i.contains(self.footage.seconds(index)) for i in claim.intervals)
            return self.on_still(claim, index) if inside else UNKNOWN
        return None

    def corrupted(
        self, claim: Claim, texts: Sequence[str], negative: VisualNegative, other: Scene | None = None
    ) -> Checked:
        """The verdict on the corrupted visual; false too where the object is not there."""
        kind = negative.kind
        if kind in HIDING and claim.subject_phrases:
            return self._hidden(claim, negative)
        if kind.borrows:
            return UNKNOWN if other is None else check(nowhere(claim), other)
        if kind.level is VisualLevel.TEMPORAL:
            segment = self.footage.segment(negative.segment_id)
            return UNKNOWN if segment is None else self.off_segment(claim, segment)
        if kind.level is VisualLevel.PERCEPTIVE:
            other_frame = kind is VisualKind.OTHER_FRAME
            return self.off_still(claim, negative.frame_index or 0) if other_frame else self._moved(claim, negative)
        return self._whole(claim, texts, negative)

    def _whole(self, claim: Claim, texts: Sequence[str], negative: VisualNegative) -> Checked:
        """The verdict on all frames turned black, or in another order."""
        scene, order = self.footage.scene, shuffled_order(negative.seed)
        if negative.kind is VisualKind.BLACK:
            return check(claim, self._corrupted_view(negative.kind, lambda: black(scene))[0])
        if negative.kind is VisualKind.REVERSED:
            made = self._corrupted_view(negative.kind, lambda: edited(scene, VisualEdit.REVERSED))
        elif negative.kind is VisualKind.SHUFFLED:
            made = self._corrupted_view(order, lambda: shuffled(scene, order))
        else:
            return UNKNOWN
        there = reworded(claim, texts, self._words, made[1])
        return UNKNOWN if there is None else check_worded(there, made[0], edge_seconds=self._edge_seconds)

    def _hidden(self, claim: Claim, negative: VisualNegative) -> Checked:
        """Nothing is left of the subject to be seen: on black and noise of anything, else of the track named."""
        if negative.kind in (VisualKind.BLACK, VisualKind.NOISE):
            return _CLEAR
        named = self._view.thing(self.footage.name(negative.track_id or ""))
        meant = self._view.thing(claim.subject_tracks[0]) if claim.subject_tracks else None
        return _CLEAR if named is not None and named is meant else UNKNOWN

    def _corrupted_view(self, key: object, made: Callable[[], Scene]) -> tuple[SceneView, Worded]:
        if key not in self._views:
            scene = made()
            self._views[key] = (SceneView(scene), Worded(scene))
        return self._views[key]

    def on_segment(self, claim: Claim, segment: Interval) -> Checked:
        """What a segment, alone, shows of a claim: said of the segment as a whole, its words of time being of the clip.

        UNKNOWN where what holds at every time is seen in less than half of it.
        """
        checked = self._during(claim, segment)
        if claim.predicate in MOMENTARY:
            return checked
        things = [self._view.thing(track_id) for track_id in (*claim.subject_tracks, *claim.object_tracks)]
        seen = (thing.seen_seconds(segment) if thing else 0.0 for thing in things)
        covered = all(seconds >= LEAST_COVERAGE * segment.duration_seconds for seconds in seen)
        return checked if covered else UNKNOWN

    def off_segment(self, claim: Claim, segment: Interval) -> Checked:
        """The same, false too where a thing that the claim names is not seen in the segment, nor near to it."""
        checked = self._during(claim, segment)
        return checked if self._is(Truth.FALSE, checked) else self._away(claim, segment)

    def _during(self, claim: Claim, segment: Interval) -> Checked:
        """The verdict on what is said of a segment; where a thing is found to stand still, it must a little longer: it
        may set off, or come to rest, between the frames that were looked at.
        """
        checked = check(_said_of(claim, segment), self._view)
        if checked.kind is not MarginKind.STILLNESS:
            return checked
        whole = self._view.whole
        wider = Interval(
            start_seconds=max(whole.start_seconds, segment.start_seconds - self._edge_seconds),
            end_seconds=min(whole.end_seconds, segment.end_seconds + self._edge_seconds),
        )
        return checked if check(_said_of(claim, wider), self._view).truth is checked.truth else UNKNOWN

    def on_still(self, claim: Claim, frame_index: int) -> Checked:
        """What one frame shows of a claim; UNKNOWN of the size of what it shows in part."""
        now, still = self._now(claim, frame_index), self.still(frame_index)
        return UNKNOWN if not self._sizes_of_parts and shows_parts(now, still) else check(now, still)

    def off_still(self, claim: Claim, frame_index: int) -> Checked:
        """The same, false too where a thing that the claim names is not seen then, nor shortly before or after."""
        checked = self.on_still(claim, frame_index)
        return (
            checked
            if self._is(Truth.FALSE, checked)
            else self._away(claim, _instant(self.footage.seconds(frame_index)))
        )

    def still(self, frame_index: int) -> SceneView:
        """The scene of one frame."""
        if frame_index not in self._stills:
            self._stills[frame_index] = SceneView(restrict(self.footage.scene, self.footage.seconds(frame_index)))
        return self._stills[frame_index]

    def _now(self, claim: Claim, frame_index: int) -> Claim:
        """The claim as said of one frame, of the track by which it shows each thing: a still knows no links."""
        moment = _instant(self.footage.seconds(frame_index))
        return claim.model_copy(
            update={
                "intervals": (moment,) * len(claim.intervals),
                "subject_tracks": tuple(self.seen_as(track_id, frame_index) for track_id in claim.subject_tracks),
                "object_tracks": tuple(self.seen_as(track_id, frame_index) for track_id in claim.object_tracks),
            }
        )

    def seen_as(self, track_id: str, frame_index: int) -> str:
        """The track by which a frame shows the thing of a track; the same one where it does not show it."""
        thing = self._view.thing(track_id)
        own = {track.track_id for track in thing.tracks} if thing else set()
        seen = (track.track_id for track in self.still(frame_index).scene.tracks)
        return next((name for name in seen if name in own), track_id)

    def _moved(self, claim: Claim, negative: VisualNegative) -> Checked:
        index = negative.preferred_frame_index or 0
        track = self.seen_as(self.footage.name(negative.track_id or ""), index)
        scene = moved(self.still(index).scene, track, negative.shift_x or 0.0, negative.shift_y or 0.0)
        return UNKNOWN if scene is None else check(self._now(claim, index), SceneView(scene))

    def _away(self, claim: Claim, interval: Interval) -> Checked:
        """FALSE by the seconds from a stretch to where a named thing is seen; UNKNOWN where all are, or might be."""
        if not self._view.is_tracked(interval.start_seconds, interval.end_seconds):
            return UNKNOWN
        things = [self._view.thing(track_id) for track_id in (*claim.subject_tracks, *claim.object_tracks)]
        gaps = [
            min(max(start - interval.end_seconds, interval.start_seconds - end) for start, end in thing.visible)
            for thing in things
            if thing is not None and not thing.is_face
        ]
        return false_by(max(gaps, default=0.0), MarginKind.NEVER_SHARED)

    def _control_leaves_it_true(self, claim: Claim, negative: VisualNegative) -> bool:
        """Whether the areas that a control changes lie inside the frame and touch nothing that the claim names."""
        index = negative.preferred_frame_index or 0
        box = self.footage.rect(negative.track_id or "", index)
        if box is None or negative.control is None:
            return False
        away = (negative.control.shift_x, negative.control.shift_y)
        areas = [shifted(bordered(box), *away)]
        if negative.kind is VisualKind.MOVED:
            areas.append(shifted(areas[0], negative.shift_x or 0.0, negative.shift_y or 0.0))
        named = {self.seen_as(track_id, index) for track_id in (*claim.subject_tracks, *claim.object_tracks)}
        return all(is_inside(area) and not named & self.seen_in(area, index) for area in areas)

    def seen_in(self, area: Rect, frame_index: int) -> set[str]:
        """The tracks by which a frame shows something in an area."""
        shown = ((track.track_id, track.path[0]) for track in self.still(frame_index).scene.tracks)
        return {name for name, point in shown if meet(area, (point.x0, point.y0, point.x1, point.y1))}


def nowhere(claim: Claim) -> Claim:
    """The claim as another video knows it: its phrases name things that have no track there."""
    if not claim.subject_phrases and not claim.object_phrases:
        return claim
    return claim.model_copy(update={"subject_tracks": (), "object_tracks": (), "in_video": False})


def shifted(area: Rect, x: float, y: float) -> Rect:
    """An area moved by shares of the frame."""
    return area[0] + x, area[1] + y, area[2] + x, area[3] + y


def is_inside(area: Rect) -> bool:
    """Whether an area lies inside the frame."""
    return min(area) >= 0 and max(area) <= 1


def meet(a: Rect, b: Rect) -> bool:
    """Whether two areas share more than an edge."""
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])


def _said_of(claim: Claim, segment: Interval) -> Claim:
    """What a claim says of a segment; of what comes in over a border, that it comes in then."""
    if claim.predicate in EVENTS:
        happening = {"predicate": Predicate.EVENT_IN, "value": EVENTS[claim.predicate], "intervals": (segment,)}
        return claim.model_copy(update=happening)
    return claim.model_copy(update={"intervals": (segment,) * len(claim.intervals)})


def _instant(pts_seconds: float) -> Interval:
    return Interval(start_seconds=pts_seconds, end_seconds=pts_seconds + _INSTANT_SECONDS)
