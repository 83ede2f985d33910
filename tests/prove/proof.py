"""Every claim of a finished set, evaluated on the ground truth and not on the detector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from schemas.claim import ABOUT_EDITS, Claim
from schemas.clip import Segment, UnitClip
from schemas.interval import Interval
from schemas.pair import Pair
from schemas.scene import Scene
from schemas.shown import AS_STORED, Shown
from stages.claims import TruthValue, check
from stages.claims.edited_scene import edited, edited_seconds
from stages.claims.scene_view import SceneView
from tests.prove.clips import Rendered
from tests.prove.matching import match
from tests.prove.planted import PlantedTruth
from tests.prove.seen import Seen

_ROUNDING_SECONDS = 1e-6
TIME_ERROR_SECONDS = 0.15
"""How far from the truth an event may be found."""


@dataclass(frozen=True)
class Wrong:
    """A claim that the truth does not bear out."""

    clip: str
    pair_id: str
    role: str
    """chosen or rejected."""
    why: str
    """What the truth says instead."""
    predicate: str
    question: str
    answer: str
    claim: Claim
    shown: Shown

    def __str__(self) -> str:
        return (
            f"{self.clip} ({self.shown.name}) {self.role} {self.predicate}: {self.why}\n"
            f"    {self.question} -> {self.answer}\n    {self.claim.model_dump_json(exclude_defaults=True)}"
        )


class Proof:
    """The truth of a set of clips, ready to be asked; about planted edits only with the `stored` clip of each video."""

    def __init__(
        self, clips: Sequence[Rendered], seen: Sequence[Seen], stored: Mapping[str, UnitClip] | None = None
    ) -> None:
        self.planted = PlantedTruth({clip.content_sha256: clip.world for clip in clips}, stored or {})
        self._stored = stored or {}
        self._names = {clip.content_sha256: clip.world.name for clip in clips}
        self._truths = {clip.content_sha256: clip.truth for clip in clips}
        self._matched = {
            clip.content_sha256: match(one.scene, clip.truth) for clip, one in zip(clips, seen, strict=True)
        }
        self._cuts = {
            clip.content_sha256: _true_cuts(one.scene, clip.truth) for clip, one in zip(clips, seen, strict=True)
        }
        self._views: dict[tuple[str, Shown], SceneView] = {}

    def wrong_claims(self, pairs: Sequence[tuple[str, Pair]]) -> list[Wrong]:
        """All wrong claims of pairs, each given with the content hash of its video."""
        found: dict[tuple[str, str, str], Wrong] = {}
        for content, pair in pairs:
            for role, claims, answer, needed in (
                ("chosen", pair.chosen_claims, pair.chosen, TruthValue.TRUE),
                ("rejected", pair.rejected_claims, pair.rejected, TruthValue.FALSE),
            ):
                # a chosen answer stands in every pair of its group, and is counted once
                key = (pair.group_id, role, answer)
                wrong = [] if key in found else self._objections(content, pair, claims, needed)
                if wrong:
                    claim, why = wrong[0]
                    found[key] = Wrong(
                        clip=self._names[content],
                        pair_id=pair.pair_id,
                        role=role,
                        why=why,
                        predicate=claim.predicate,
                        question=pair.question,
                        answer=answer,
                        claim=claim,
                        shown=pair.shown,
                    )
        return list(found.values())

    def _objections(
        self, content: str, pair: Pair, claims: Sequence[Claim], needed: TruthValue
    ) -> list[tuple[Claim, str]]:
        """The claims of an answer that are not as they should be; one false clause, or their order, makes it false."""
        found = [(claim, self._objection(content, pair, claim, needed)) for claim in claims]
        wrong = [(claim, why) for claim, why in found if why is not None]
        if needed is TruthValue.TRUE:
            return wrong + [(claim, "it is said too late") for claim in self._out_of_order(content, pair, claims)]
        is_false = len(wrong) < len(claims) or self._out_of_order(content, pair, claims)
        return [] if is_false else wrong

    def _out_of_order(self, content: str, pair: Pair, claims: Sequence[Claim]) -> list[Claim]:
        """The claims that are true wholly before what is said before them, if neither is true at the other's time."""
        found = []
        for first, then in pairwise(claim for claim in claims if claim.intervals):
            if len(first.intervals) != len(then.intervals):
                continue  # one compares two stretches, and cannot be said at the other's time
            if _time(then).end_seconds <= _time(first).start_seconds + _ROUNDING_SECONDS:
                moved = [
                    one.model_copy(update={"intervals": other.intervals}) for one, other in permutations((first, then))
                ]
                if not any(self._objection(content, pair, claim, TruthValue.FALSE) for claim in moved):
                    found.append(then)
        return found

    def _objection(self, content: str, pair: Pair, claim: Claim, needed: TruthValue) -> str | None:
        if claim.predicate in ABOUT_EDITS:
            return self.planted.objection(content, claim, pair.shown, needed)
        if self._is_elsewhere(content, claim, pair.shown):
            return "it is about other times than those that are shown"
        matched = self._matched[content]
        tracks = (*claim.subject_tracks, *claim.object_tracks)
        missing = [track for track in tracks if track not in matched]
        if missing:
            return f"{', '.join(missing)} is not exactly one true object"
        verdict = check(self.translated(content, claim, pair.shown), self.view(content, pair.shown))
        return None if verdict.truth is needed else f"{verdict.truth} by {verdict.margin:.3f}, as {tracks}"

    def names(self, content: str) -> Mapping[str, str]:
        """The true track of each track of a video that is of one true object."""
        return self._matched[content]

    def named(self, content: str, claim: Claim) -> Claim:
        """A claim about the tracks of the detector as one about the true ones."""
        matched = self._matched[content]
        return claim.model_copy(
            update={
                "subject_tracks": tuple(matched[track] for track in claim.subject_tracks),
                "object_tracks": tuple(matched[track] for track in claim.object_tracks),
            }
        )

    def translated(self, content: str, claim: Claim, shown: Shown) -> Claim:
        """The same, with stretches that end at a cut read at the true cut."""
        scene, found = self._truths[content], self._cuts[content]
        cuts = {edited_seconds(scene, shown, seen): edited_seconds(scene, shown, true) for seen, true in found.items()}
        intervals = tuple(_between_true_cuts(interval, cuts) for interval in claim.intervals)
        return self.named(content, claim).model_copy(update={"intervals": intervals})

    def at_true_cuts(self, content: str, clip: UnitClip) -> UnitClip:
        """A stored clip with the segments that end or begin at a cut read at the true cut.

        One with a frame beyond the true cut stays as it is: it shows the other shot, and is held against that.
        """
        segments = (_at_true_cuts(segment, self._cuts[content]) for segment in clip.segments)
        return clip.model_copy(update={"segments": tuple(segments)})

    def view(self, content: str, shown: Shown) -> SceneView:
        """What is true of a video as it is shown."""
        if shown.segment_id is not None:  # claims about a stretch that is shown alone are about its times
            shown = AS_STORED
        key = (content, shown)
        if key not in self._views:
            self._views[key] = SceneView(edited(self._truths[content], shown))
        return self._views[key]

    def _is_elsewhere(self, content: str, claim: Claim, shown: Shown) -> bool:
        """Whether a claim is about times that the frames of a stretch, which is shown alone, do not show."""
        if shown.segment_id is None:
            return False
        segment = self._stored[content].segment(shown.segment_id)
        return segment is None or not claim.intervals or any(one != segment.interval for one in claim.intervals)


def _true_cuts(seen: Scene, truth: Scene) -> dict[float, float]:
    """The true cut that each detected cut is, where there is one within the time error that is allowed."""
    found = {}
    for cut in seen.cuts:
        near = [
            true.pts_seconds for true in truth.cuts if abs(true.pts_seconds - cut.pts_seconds) <= TIME_ERROR_SECONDS
        ]
        if len(near) == 1:
            found[cut.pts_seconds] = near[0]
    return found


def _between_true_cuts(interval: Interval, true_cuts: dict[float, float]) -> Interval:
    """The stretch that the words name: "in the first shot" ends at the true cut, a frame or two before it was seen."""
    return Interval(
        start_seconds=_true_cut(interval.start_seconds, true_cuts),
        end_seconds=_true_cut(interval.end_seconds, true_cuts),
    )


def _true_cut(seconds: float, true_cuts: dict[float, float]) -> float:
    """The true cut, if these are the seconds of a seen one but for rounding; else the seconds themselves."""
    return next((true for seen, true in true_cuts.items() if abs(seen - seconds) <= _ROUNDING_SECONDS), seconds)


def _at_true_cuts(segment: Segment, true_cuts: dict[float, float]) -> Segment:
    true = _between_true_cuts(segment.interval, true_cuts)
    if not all(true.contains(frame.pts_seconds) for frame in segment.frames):
        return segment
    return segment.model_copy(update={"start_seconds": true.start_seconds, "end_seconds": true.end_seconds})


def _time(claim: Claim) -> Interval:
    """When it is; of two stretches that it compares, the later one."""
    return max(claim.intervals, key=lambda interval: interval.end_seconds)
