"""A proven group becomes its counterfactual twin: the clip is mirrored or played backwards, and another of the same
answers is true.
"""

from collections.abc import Iterable, Sequence

from numpy.random import Generator

from schemas.claim import Claim, Predicate
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Corruption
from schemas.scene import EventKind
from schemas.shown import AS_STORED, EditKind, Shown
from stages.claims.answers import prove_answer
from stages.claims.edited_scene import edited_interval
from stages.claims.proof import ClipProver
from stages.claims.typed_edit import typed_edit_of_several
from stages.facts.evidence import event_intervals, frames_within, occurrences
from stages.wording.rewording import WordedStretches, reworded

_P = Predicate
_KINDS: dict[Predicate, EventKind] = {
    _P.ENTERS_BEFORE: EventKind.ENTERS,
    _P.ENTERS_WITH: EventKind.ENTERS,
    _P.ENTERS_FROM: EventKind.ENTERS,
    _P.LEAVES_BEFORE: EventKind.LEAVES,
    _P.LEAVES_WITH: EventKind.LEAVES,
    _P.LEAVES_TO: EventKind.LEAVES,
    _P.STARTS_BEFORE: EventKind.STARTS,
    _P.STOPS_BEFORE: EventKind.STOPS,
}
"""The kind of event that a predicate refers to."""


TWIN_EDITS = (EditKind.REVERSED, EditKind.MIRRORED)
"""What is done to a clip for twins; mirrored only if nothing may be written in it."""
Claims = tuple[Claim, ...]
"""What one answer asserts."""


class TwinMaker:
    """Makes the twins of one clip's groups, and remembers the clip's worded stretches after each edit."""

    def __init__(self, prover: ClipProver, edits: Sequence[EditKind]) -> None:
        """`edits` is what may be done to the clip."""
        self._prover = prover
        self._edits = [Shown.whole(edit, prover.clip) for edit in edits]
        self._worded: dict[Shown, WordedStretches] = {}

    def twin(self, group: CandidateGroup, rng: Generator) -> CandidateGroup | None:
        """The twin by the first of the edits, in random order, that makes another answer true.

        None if no edit does so, or if some answer is then neither proven true nor proven false.
        """
        for place in rng.permutation(len(self._edits)):
            shown = self._edits[int(place)]
            claims = self._claims(group, shown)
            true = None if claims is None else self._truth(group, claims, shown)
            if claims is not None and true is not None:
                return self._made(group, claims, true, shown)
        return None

    def _claims(self, group: CandidateGroup, shown: Shown) -> tuple[Claims, ...] | None:
        """What the text of each answer asserts about the edited clip; None if one asserts nothing."""
        found = [self._asserted(group.question, answer, shown) for answer in group.answers]
        claims = tuple(asserted for asserted in found if asserted)
        return claims if len(claims) == len(found) else None

    def _asserted(self, question: str, answer: CandidateAnswer, shown: Shown) -> Claims | None:
        """What an answer asserts: words that refer to a cut name other seconds of a clip that runs backwards."""
        plain = tuple(claim.model_copy(update={"margin": None}) for claim in answer.claims)
        if not self._reverses(shown):
            return plain
        here, there = self._words(AS_STORED), self._words(shown)
        found = [reworded(claim, (question, answer.text), here, there) for claim in plain]
        claims = tuple(claim for claim in found if claim is not None)
        return claims if len(claims) == len(found) else None

    def _reverses(self, shown: Shown) -> bool:
        return shown.is_whole(EditKind.REVERSED, self._prover.clip)

    def _words(self, shown: Shown) -> WordedStretches:
        if shown not in self._worded:
            self._worded[shown] = WordedStretches(self._prover.view(shown).scene)
        return self._worded[shown]

    def _truth(self, group: CandidateGroup, claims: Sequence[Claims], shown: Shown) -> int | None:
        """The answer that is proven true of the edited clip; None if it was true before or some other is not false."""
        true = [i for i, asserted in enumerate(claims) if self._is(asserted, shown, chosen=True)]
        if len(true) != 1 or group.answers[true[0]] is group.chosen:
            return None
        others = (asserted for i, asserted in enumerate(claims) if i != true[0])
        if not all(self._is(asserted, shown, chosen=False) for asserted in others):
            return None
        frames = self._evidence(group, claims[true[0]], shown)[1]
        visible = any(
            self._prover.single_frame_failure(claim, frames, shown) for asserted in claims for claim in asserted
        )
        return None if visible else true[0]

    def _is(self, claims: Claims, shown: Shown, *, chosen: bool) -> bool:
        """Whether an answer is proven true (if chosen) or false of the edited clip."""
        if len(claims) == 1:
            return self._prover.prove(claims[0], chosen=chosen, shown=shown).failure is None
        return not prove_answer(claims, self._prover, shown, (), chosen=chosen).failures

    def _made(self, group: CandidateGroup, claims: Sequence[Claims], true: int, shown: Shown) -> CandidateGroup:
        answers = tuple(
            _answer(answer, asserted, claims[true]) for answer, asserted in zip(group.answers, claims, strict=True)
        )
        features = _features(group)
        intervals, frames = self._evidence(group, claims[true], shown)
        return group.model_copy(
            update={
                "group_id": f"{group.group_id}-{shown.name}",
                "twin_of": group.group_id,
                "shown": shown,
                "answers": answers,
                "balance": features[true],
                "balance_others": tuple(of for i, of in enumerate(features) if i != true),
                "evidence": group.evidence.model_copy(update={"frame_indices": frames}),
                "event_intervals": intervals,
                "keyframe_indices": frames,
            }
        )

    def _evidence(
        self, group: CandidateGroup, true: Claims, shown: Shown
    ) -> tuple[tuple[Interval, ...], tuple[int, ...]]:
        """The stretches and frames of the stored clip that show what the true answer says about the edited one."""
        intervals, scene = group.event_intervals, self._prover.clip.scene
        if len(true) > 1:
            told = [edited_interval(scene, shown, interval) for claim in true for interval in claim.intervals]
            return intervals, frames_within(self._prover.clip, told)
        if self._reverses(shown):
            there = [edited_interval(scene, shown, interval) for interval in self._occasions(true[0], shown)]
            intervals = event_intervals(self._prover.clip, there) if there else intervals
        return intervals, frames_within(self._prover.clip, intervals)

    def _occasions(self, claim: Claim, shown: Shown) -> Iterable[Interval]:
        """When the edited clip shows what a claim is about; empty if that is not limited to some time."""
        kind = EventKind(claim.value) if claim.predicate is _P.EVENT_IN and claim.value else _KINDS.get(claim.predicate)
        if kind is None:
            return claim.intervals
        view = self._prover.view(shown)
        things = [view.thing(track_id) for track_id in (*claim.subject_tracks, *claim.object_tracks)]
        return occurrences(view.scene, kind, {track.track_id for thing in things if thing for track in thing.tracks})


def _answer(answer: CandidateAnswer, claims: Claims, true: Claims) -> CandidateAnswer:
    """The same text with its claims about the edited clip, and its part there."""
    kind, axis, corruption = (None, None, Corruption()) if claims is true else typed_edit_of_several(true, claims)
    changed = {"claims": claims, "rejected_kind": kind, "adversary_axis": axis, "corruption": corruption}
    return answer.model_copy(update=changed)


def _features(group: CandidateGroup) -> list[tuple[str, ...]]:
    """The balance features of each answer, in order."""
    others = iter(group.balance_others)
    return [group.balance if answer is group.chosen else next(others) for answer in group.answers]
