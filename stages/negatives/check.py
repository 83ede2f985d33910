"""Whether a visual negative breaks a claim.

The claim must be true of the preferred visual, false of the corrupted visual, and true of the control.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.drop import DropCause, DropReason
from schemas.interval import Interval
from schemas.scene import Scene
from schemas.shown import Shown
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.claims.annotated_things import is_annotated
from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue, false_by
from stages.claims.checker import HIDDEN_SECONDS, check, check_worded, is_known
from stages.claims.edited_scene import backwards
from stages.claims.fully_visible import shows_parts
from stages.claims.margins import Margins
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.scene_view import SceneView
from stages.claims.single_frame import restrict
from stages.drawing.rectangles import Rect, bordered, is_inside, overlap, shifted
from stages.negatives.away import away_seconds
from stages.negatives.edits import edits_failure
from stages.negatives.footage import Footage
from stages.negatives.scenes import black, moved, shuffled
from stages.negatives.table import BREAKS, EVENTS, HIDING, MOMENTARY
from stages.visuals.negatives import shuffled_order
from stages.wording.rewording import WordedStretches, reworded

_INSTANT_SECONDS = 1e-3  # length of the interval that stands for one frame
_LOOK_SECONDS = 0.1  # around a moment, in which a search has looked at a frame, beside `edge_seconds`
OF_A_STRETCH = frozenset({VisualKind.OTHER_SEGMENT, VisualKind.BLACK, VisualKind.OTHER_VIDEO})
"""The kinds that say something of a stretch that is shown alone: in others the whole clip is changed, or a frame."""
_CLEARLY_FALSE = false_by(1.0, MarginKind.ABSENCE)


class ClipChecks:
    """The checks of one clip's visual negatives, one check for each way to show it, made when it is first needed."""

    def __init__(self, prover: ClipProver, proof: ProofConfig) -> None:
        self.prover = prover
        self._proof = proof
        self._checks: dict[Shown, NegativeCheck] = {}

    def of(self, shown: Shown) -> "NegativeCheck":
        """The check for the clip as it is shown."""
        if shown not in self._checks:
            footage = Footage(self.prover.view(shown), self.prover.clip, shown)
            self._checks[shown] = NegativeCheck(footage, self._proof.margins, self._proof.edge_seconds)
        return self._checks[shown]

    def failure(
        self,
        shown: Shown,
        claim: Claim,
        texts: Sequence[str],
        negative: VisualNegative,
        other: SceneView | None = None,
    ) -> DropCause | None:
        """Why a visual negative of the clip as it is shown cannot be used; None if it breaks the claim.

        The arguments are those of `NegativeCheck.failure`, and what is shown of the clip.
        """
        if PREDICATES[claim.predicate].names is Names.EDITS:
            return edits_failure(claim, negative, self.prover)
        if not self.prover.knows(shown) or (shown.segment_id is not None and negative.kind not in OF_A_STRETCH):
            detail = f"{negative.kind} of a clip that is shown with {shown.name}"
            return DropCause(DropReason.NEGATIVE_NOT_FALSE, detail)
        return self.of(shown).failure(claim, texts, negative, other)


@dataclass(frozen=True)
class _Task:
    """A visual negative and the claim that it must break."""

    claim: Claim
    texts: Sequence[str]
    """Question and chosen answer."""
    negative: VisualNegative
    other: SceneView | None
    """The other video's clip, for the kinds that borrow one."""


class NegativeCheck:
    """Evaluates claims about one edited clip on corruptions of that clip. Corrupted scenes are cached."""

    def __init__(
        self,
        footage: Footage,
        margins: Margins,
        edge_seconds: float,
        *,
        hidden_seconds: float = HIDDEN_SECONDS,
        sizes_of_parts: bool = False,
    ) -> None:
        """Set up for one edited clip.

        Args:
            footage: the edited clip.
            margins: how clear a verdict must be.
            edge_seconds: the verdict must not change when an edge of an interval moves by this much.
            hidden_seconds: how long a thing may be out of view at the ends of an interval during all of which the claim
                describes it.
            sizes_of_parts: whether a frame shows the size of a partly visible thing (a true scene does).
        """
        self.footage = footage
        self._hidden_seconds = hidden_seconds
        self._sizes_of_parts = sizes_of_parts
        self._margins = margins
        self._edge_seconds = edge_seconds
        self._view = footage.view
        self._words = WordedStretches(footage.scene)
        self._corrupted: dict[object, tuple[SceneView, WordedStretches]] = {}
        self._frames: dict[int, SceneView] = {}

    def failure(
        self, claim: Claim, texts: Sequence[str], negative: VisualNegative, other: SceneView | None = None
    ) -> DropCause | None:
        """Why the visual negative cannot be used; None if it breaks the claim.

        Args:
            claim: what the chosen answer asserts; true of the edited clip.
            texts: question and chosen answer.
            negative: the visual negative.
            other: the clip `negative.other_clip_id`, for the kinds that borrow one.
        """
        if negative.kind not in BREAKS[claim.predicate]:
            return DropCause(DropReason.NEGATIVE_NOT_FALSE, f"{negative.kind} does not break {claim.predicate}")
        preferred = self.preferred(claim, negative)
        if preferred is not None and not self._is(TruthValue.TRUE, preferred):
            return self._failure(DropReason.PREFERRED_NOT_TRUE, preferred, negative)
        found = self.corrupted(claim, texts, negative, other)
        if not self._is(TruthValue.FALSE, found):
            return self._failure(DropReason.NEGATIVE_NOT_FALSE, found, negative)
        if negative.kind.changes_area and not self._control_leaves_it_true(claim, negative):
            return DropCause(
                DropReason.CONTROL_NOT_TRUE, f"the control of {negative.kind} touches what the claim names"
            )
        return None

    def _is(self, truth: TruthValue, checked: Checked) -> bool:
        return checked.truth is truth and self._margins.allow(checked)

    def _failure(self, reason: DropReason, found: Checked, negative: VisualNegative) -> DropCause:
        limit = None if found.kind is None else self._margins.least(found.kind)
        return DropCause(reason, f"{negative.kind}: {found.truth}", found.margin, limit)

    def preferred(self, claim: Claim, negative: VisualNegative) -> Checked | None:
        """The verdict on the visual that must show the claim; None if that is the pair's own, which is proven."""
        if negative.level is VisualLevel.TEMPORAL:
            segment = self.footage.segment(negative.preferred_segment_id)
            return UNKNOWN if segment is None else self.on_segment(claim, segment)
        if negative.level is VisualLevel.PERCEPTIVE:
            index = negative.preferred_frame_index or 0
            inside = any(i.contains(self.footage.seconds(index)) for i in claim.intervals)
            return self.on_frame(claim, index) if inside else UNKNOWN
        return None

    def corrupted(
        self, claim: Claim, texts: Sequence[str], negative: VisualNegative, other: SceneView | None = None
    ) -> Checked:
        """The verdict on the corrupted visual; a claim about a thing that the corruption hides is false."""
        if negative.kind in HIDING and claim.subject_phrases:
            return self._with_subject_hidden(claim, negative)
        return _CORRUPTED[negative.kind](self, _Task(claim, texts, negative, other))

    def _with_subject_hidden(self, claim: Claim, negative: VisualNegative) -> Checked:
        """Black and noise hide every thing; the other kinds hide the track that they name."""
        if negative.kind in (VisualKind.BLACK, VisualKind.NOISE):
            return _CLEARLY_FALSE
        named = self._view.thing(self.footage.name(negative.track_id or ""))
        meant = self._view.thing(claim.subject_tracks[0]) if claim.subject_tracks else None
        if named is None or named is not meant or is_annotated(named):
            return UNKNOWN  # boxes that people read by eye may leave a part of the thing in view
        return _CLEARLY_FALSE

    def _undecided(self, _task: _Task) -> Checked:
        """Kinds that hide a thing decide nothing about a claim without a subject."""
        return UNKNOWN

    def _on_black(self, task: _Task) -> Checked:
        view, _ = self._corrupted_view(VisualKind.BLACK, lambda: black(self.footage.scene))
        return check(task.claim, view)

    def _on_reversed(self, task: _Task) -> Checked:
        made = self._corrupted_view(VisualKind.REVERSED, lambda: backwards(self.footage.scene))
        return self._as_worded(task, *made)

    def _on_shuffled(self, task: _Task) -> Checked:
        order = shuffled_order(task.negative.seed)
        return self._as_worded(task, *self._corrupted_view(order, lambda: shuffled(self.footage.scene, order)))

    def _as_worded(self, task: _Task, view: SceneView, words: WordedStretches) -> Checked:
        """The verdict on the claim with the intervals that its words mean in the corrupted clip."""
        there = reworded(task.claim, task.texts, self._words, words)
        if there is None:
            return UNKNOWN
        return check_worded(there, view, edge_seconds=self._edge_seconds, hidden_seconds=self._hidden_seconds)

    def _on_other_clip(self, task: _Task) -> Checked:
        return UNKNOWN if task.other is None else check(nowhere(task.claim, task.other), task.other)

    def _on_other_segment(self, task: _Task) -> Checked:
        segment = self.footage.segment(task.negative.segment_id)
        return UNKNOWN if segment is None else self.off_segment(task.claim, segment)

    def _on_other_frame(self, task: _Task) -> Checked:
        return self.off_frame(task.claim, task.negative.frame_index or 0)

    def _with_subject_moved(self, task: _Task) -> Checked:
        negative, index = task.negative, task.negative.preferred_frame_index or 0
        named = self._view.thing(self.footage.name(negative.track_id or ""))
        if named is not None and is_annotated(named):
            return UNKNOWN
        track = self.seen_as(self.footage.name(negative.track_id or ""), index)
        scene = moved(self.frame_view(index).scene, track, negative.shift_x or 0.0, negative.shift_y or 0.0)
        return UNKNOWN if scene is None else check(self._at_frame(task.claim, index), SceneView(scene))

    def _corrupted_view(self, key: object, make: Callable[[], Scene]) -> tuple[SceneView, WordedStretches]:
        if key not in self._corrupted:
            scene = make()
            self._corrupted[key] = (SceneView(scene), WordedStretches(scene))
        return self._corrupted[key]

    def on_segment(self, claim: Claim, segment: Interval) -> Checked:
        """The verdict if only this segment is shown; the claim's time words are taken to mean the whole segment.

        UNKNOWN if the claim must hold at every moment and a named thing is not visible in all of the segment.
        """
        checked = self._during(claim, segment)
        if claim.predicate in MOMENTARY:
            return checked
        things = [self._view.thing(track_id) for track_id in (*claim.subject_tracks, *claim.object_tracks)]
        covered = all(thing is not None and is_known(thing, segment, self._hidden_seconds) for thing in things)
        return checked if covered else UNKNOWN

    def off_segment(self, claim: Claim, segment: Interval) -> Checked:
        """The verdict on a segment that should not show the claim: also FALSE if a named thing is away from it."""
        checked = self._during(claim, segment)
        return checked if self._is(TruthValue.FALSE, checked) else self._away(claim, segment)

    def _during(self, claim: Claim, segment: Interval) -> Checked:
        """The verdict on the claim with the segment as its interval.

        A thing that stands still must do so `edge_seconds` longer on both sides: it may start or stop between the
        analysis frames.
        """
        checked = check(_about_segment(claim, segment), self._view)
        if checked.kind is not MarginKind.STILLNESS:
            return checked
        clip = self._view.whole_clip
        wider = Interval(
            start_seconds=max(clip.start_seconds, segment.start_seconds - self._edge_seconds),
            end_seconds=min(clip.end_seconds, segment.end_seconds + self._edge_seconds),
        )
        return checked if check(_about_segment(claim, wider), self._view).truth is checked.truth else UNKNOWN

    def on_frame(self, claim: Claim, frame_index: int) -> Checked:
        """The verdict if only this frame is shown; UNKNOWN for the size of a thing that is partly visible."""
        now, view = self._at_frame(claim, frame_index), self.frame_view(frame_index)
        return UNKNOWN if not self._sizes_of_parts and shows_parts(now, view) else check(now, view)

    def off_frame(self, claim: Claim, frame_index: int) -> Checked:
        """The verdict on a frame that should not show the claim: also FALSE if a named thing is away from it."""
        checked = self.on_frame(claim, frame_index)
        if self._is(TruthValue.FALSE, checked):
            return checked
        return self._away(claim, _instant(self.footage.seconds(frame_index)))

    def frame_view(self, frame_index: int) -> SceneView:
        """The scene that one frame alone shows."""
        if frame_index not in self._frames:
            self._frames[frame_index] = SceneView(restrict(self.footage.scene, self.footage.seconds(frame_index)))
        return self._frames[frame_index]

    def _at_frame(self, claim: Claim, frame_index: int) -> Claim:
        """The claim about one frame: its intervals are that moment, its tracks those that the frame shows.

        A single frame has no links, so that each thing is named by the one of its tracks that is visible.
        """
        moment = _instant(self.footage.seconds(frame_index))
        return claim.model_copy(
            update={
                "intervals": (moment,) * len(claim.intervals),
                "subject_tracks": tuple(self.seen_as(track_id, frame_index) for track_id in claim.subject_tracks),
                "object_tracks": tuple(self.seen_as(track_id, frame_index) for track_id in claim.object_tracks),
            }
        )

    def seen_as(self, track_id: str, frame_index: int) -> str:
        """The track of the same thing that is visible on the frame; `track_id` itself if none is."""
        thing = self._view.thing(track_id)
        own = {track.track_id for track in thing.tracks} if thing else set()
        seen = (track.track_id for track in self.frame_view(frame_index).scene.tracks)
        return next((name for name in seen if name in own), track_id)

    def _away(self, claim: Claim, interval: Interval) -> Checked:
        """FALSE by the seconds between the interval and the nearest sight of a named thing; UNKNOWN if all are seen."""
        gap = away_seconds(claim, interval, self._view, self._edge_seconds + _LOOK_SECONDS)
        return UNKNOWN if gap is None else false_by(gap, MarginKind.NEVER_SHARED)

    def _control_leaves_it_true(self, claim: Claim, negative: VisualNegative) -> bool:
        """Whether the areas that the control changes are inside the frame and show nothing that the claim names."""
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
        """The tracks whose boxes overlap an area of a frame."""
        shown = ((track.track_id, track.path[0]) for track in self.frame_view(frame_index).scene.tracks)
        return {name for name, point in shown if overlap(area, (point.x0, point.y0, point.x1, point.y1))}


_CORRUPTED: Mapping[VisualKind, Callable[[NegativeCheck, _Task], Checked]] = {
    VisualKind.REVERSED: NegativeCheck._on_reversed,
    VisualKind.SHUFFLED: NegativeCheck._on_shuffled,
    VisualKind.OTHER_VIDEO: NegativeCheck._on_other_clip,
    VisualKind.BLACK: NegativeCheck._on_black,
    VisualKind.NOISE: NegativeCheck._undecided,
    VisualKind.RANDOM_MASK: NegativeCheck._undecided,
    VisualKind.OTHER_EDITS: NegativeCheck._undecided,
    VisualKind.OTHER_SEGMENT: NegativeCheck._on_other_segment,
    VisualKind.FOREIGN_SEGMENT: NegativeCheck._on_other_clip,
    VisualKind.MOVED: NegativeCheck._with_subject_moved,
    VisualKind.INPAINTED: NegativeCheck._undecided,
    VisualKind.FILLED: NegativeCheck._undecided,
    VisualKind.OTHER_FRAME: NegativeCheck._on_other_frame,
}
"""How each kind is evaluated if its subject is not simply hidden; complete by test."""


def nowhere(claim: Claim, other: SceneView) -> Claim:
    """The claim as it reads on another video, in which the things that it names have no track.

    What is said of a kind of thing, or of a word, is said of the whole of that video: its words of time have no meaning
    there.
    """
    if PREDICATES[claim.predicate].names in (Names.NOUN, Names.WORD):
        return claim.model_copy(update={"intervals": (other.whole_clip,) * len(claim.intervals)})
    if not claim.subject_phrases and not claim.object_phrases:
        return claim
    return claim.model_copy(update={"subject_tracks": (), "object_tracks": (), "in_video": False})


def _about_segment(claim: Claim, segment: Interval) -> Claim:
    """The claim with the segment as its interval; "enters from the left" becomes "enters during the segment"."""
    if claim.predicate in EVENTS:
        happening = {"predicate": Predicate.EVENT_IN, "value": EVENTS[claim.predicate], "intervals": (segment,)}
        return claim.model_copy(update=happening)
    return claim.model_copy(update={"intervals": (segment,) * len(claim.intervals)})


def _instant(pts_seconds: float) -> Interval:
    return Interval(start_seconds=pts_seconds, end_seconds=pts_seconds + _INSTANT_SECONDS)
