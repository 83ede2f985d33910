"""Synthetic candidate groups as a symmetric writer makes them: their texts do not show which answer is true."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from numpy.random import Generator

from pipeline.finalise.finalise import finalise as finalise_units
from pipeline.finalise.other_words import OtherWords
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import FinaliseConfig
from schemas.claim import PREDICATES, Claim, Predicate
from schemas.drop import Drop
from schemas.group import CandidateAnswer, CandidateGroup, ClaimOutline, GroupOutline
from schemas.interval import Interval
from schemas.pair import ClaimEdit, Corruption, Evidence, RejectedKind
from schemas.unit import UnitOffer
from schemas.video import VideoRef
from stages.claims.proof import ProofConfig
from stages.seeding import rng_for

COLOURS = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
SIDES = ("left", "right")
WAYS = ("left", "right", "up", "down")
THIRDS = ("left", "centre", "right")
HALF = Interval(start_seconds=0, end_seconds=5)
OTHER_HALF = Interval(start_seconds=6, end_seconds=10)

Skew = Callable[[Generator, Sequence[str]], int]
"""Which of several values is true: an index."""


def fair(rng: Generator, values: Sequence[str]) -> int:
    """Every value is as likely as another."""
    return int(rng.integers(len(values)))


def content_hash(number: int) -> str:
    """A made-up content hash."""
    return hashlib.sha256(f"video {number}".encode()).hexdigest()


def answer(claim: Claim, text: str, kind: RejectedKind | None, edit: ClaimEdit = ClaimEdit.NONE) -> CandidateAnswer:
    """An answer of a group; `kind` null makes it the true one."""
    axis = PREDICATES[claim.predicate].axis if kind is RejectedKind.RELEVANT else None
    return CandidateAnswer(
        text=text,
        claims=(claim,),
        rejected_kind=kind,
        adversary_axis=axis,
        corruption=Corruption(edit=edit),
        model="drawn",
    )


def group(slot: str, question: str, form: str, answers: Sequence[CandidateAnswer], **fields: object) -> CandidateGroup:
    """A group of a slot named `video/clip/...`; its `balance` is value by predicate and colour."""
    true = next(a for a in answers if a.rejected_kind is None)
    shape = PREDICATES[true.claim.predicate]
    given = {
        "group_id": f"{slot}/0",
        "slot_id": slot,
        "clip_id": slot.split("/", maxsplit=1)[0],
        "question": question,
        "question_model": "facts",
        "question_type": shape.question_type,
        "axis": shape.axis,
        "form": form,
        "balance": _features(true),
        "balance_others": tuple(_features(a) for a in answers if a is not true),
        "answers": tuple(answers),
        "evidence": Evidence(frame_indices=(0, 1)),
        "event_intervals": (HALF,),
        "keyframe_indices": (0,),
    }
    return CandidateGroup.model_validate(given | fields)


def _features(of: CandidateAnswer) -> tuple[str, ...]:
    colours = tuple(f"colour={phrase.split()[1]}" for phrase in of.claim.subject_phrases)
    return (f"{of.claim.predicate}={of.claim.value}", *colours)


def sided_claim(predicate: Predicate, colour: str, side: str, here: bool) -> Claim:
    """The claim that a thing of a colour enters or leaves by a side."""
    tracks = (f"track-{colour}",) if here else ()
    phrases = (f"the {colour} one",)
    return Claim(
        predicate=predicate, subject_tracks=tracks, subject_phrases=phrases, value=side, margin=0.2, in_video=here
    )


def grid(slot: str, predicate: Predicate, here: str, absent: str, true_side: str, rng: Generator) -> CandidateGroup:
    """Entity x side with one true corner; the other entity is absent from the video."""
    verb = "comes in from" if predicate is Predicate.ENTERS_FROM else "goes out on"
    corners = []
    for colour, side in product((here, absent), SIDES):
        true = colour == here and side == true_side
        kind = RejectedKind.RELEVANT if colour == here else RejectedKind.IRRELEVANT
        edit = ClaimEdit.SWAP_SIDES if colour == here else ClaimEdit.ABSENT_ENTITY
        claim = sided_claim(predicate, colour, side, colour == here)
        text = f"The {colour} one {verb} the {side}."
        corners.append(answer(claim, text, None if true else kind, ClaimEdit.NONE if true else edit))
    ordered = [corners[int(i)] for i in rng.permutation(len(corners))]
    asked = "How does it come into view?" if predicate is Predicate.ENTERS_FROM else "How does it go out of view?"
    return group(slot, asked, "grid", ordered, absent=(absent,))


def values(slot: str, question: str, claims: Sequence[Claim], texts: Sequence[str], truth: int) -> CandidateGroup:
    """All values of one predicate, one of them true."""
    kinds = [None if i == truth else RejectedKind.RELEVANT for i in range(len(claims))]
    edits = [ClaimEdit.NONE if kind is None else ClaimEdit.SWAP_SIDES for kind in kinds]
    answers = [answer(*parts) for parts in zip(claims, texts, kinds, edits, strict=True)]
    return group(slot, question, "values", answers)


def camera_group(slot: str, truth: int) -> CandidateGroup:
    """Five ways in which the camera may move; number 0 is: not at all."""
    ways = ("still", *WAYS)
    claims = [Claim(predicate=Predicate.CAMERA_MOVES, intervals=(HALF,), value=way, margin=0.1) for way in ways]
    texts = ["The camera stands still.", *(f"The camera moves {way}." for way in WAYS)]
    return values(slot, "What does the camera do in the first half?", claims, texts, truth)


def motion_group(slot: str, truth: int) -> CandidateGroup:
    """Three thirds of the frame in which most of the motion may be."""
    claims = [Claim(predicate=Predicate.MOTION_IN, intervals=(HALF,), value=third, margin=0.1) for third in THIRDS]
    texts = [f"Most of it happens in the {third} third of the picture." for third in THIRDS]
    return values(slot, "Where does most of the motion happen early on?", claims, texts, truth)


def brightness_group(slot: str, truth: int) -> CandidateGroup:
    """Two halves, of which one is brighter."""
    spans = ((HALF, OTHER_HALF), (OTHER_HALF, HALF))
    claims = [Claim(predicate=Predicate.BRIGHTER, intervals=span, margin=0.1) for span in spans]
    texts = ["The first half is brighter.", "The second half is brighter."]
    return values(slot, "When is the picture brighter?", claims, texts, truth)


def shots_group(slot: str, place: int, true: int) -> CandidateGroup:
    """A run of three numbers of shots whose true one is at `place`."""
    numbers = [true - place + i for i in range(3)]
    claims = [Claim(predicate=Predicate.SHOT_COUNT, value=str(n), margin=0.5) for n in numbers]
    return values(slot, "How many shots are there?", claims, [f"There are {n} shots." for n in numbers], place)


@dataclass(frozen=True)
class Offered:
    """What a unit offers, its groups whole."""

    content_sha256: str
    questions_seen: int
    groups: tuple[CandidateGroup, ...]
    drops: tuple[Drop, ...] = ()

    def outlined(self) -> UnitOffer:
        """As `finalise` reads it."""
        groups = tuple(outline(group) for group in self.groups)
        return UnitOffer(
            content_sha256=self.content_sha256, questions_seen=self.questions_seen, groups=groups, drops=self.drops
        )


def outline(group: CandidateGroup) -> GroupOutline:
    """What `finalise` reads of a group."""
    plain = {name: getattr(group, name) for name in GroupOutline.model_fields if name != "answers"}
    answers = tuple(
        {
            "text": a.text,
            "claims": [{name: getattr(claim, name) for name in ClaimOutline.model_fields} for claim in a.claims],
            "differing": a.differing,
            "rejected_kind": a.rejected_kind,
        }
        for a in group.answers
    )
    return GroupOutline.model_validate({**plain, "answers": answers})


def finalise(given: Iterable[tuple[VideoRef, Offered]], config: FinaliseConfig, seed: int) -> Finalised:
    """The set that is made of whole groups which lie in memory."""
    offered = list(given)
    groups = {unit.content_sha256: unit.groups for _, unit in offered}

    def read(content: str, group_ids: Collection[str]) -> Iterable[CandidateGroup]:
        return (group for group in groups[content] if group.group_id in group_ids)

    words = OtherWords(lambda _: (), ProofConfig(), seed)
    return finalise_units(((ref, unit.outlined()) for ref, unit in offered), read, config, seed, words)


def offer(number: int, *, seed: int = 0, still: Skew = fair) -> tuple[VideoRef, Offered]:
    """What a symmetric writer offers of one video: grids with two alternatives each, values, opposites, numbers."""
    rng = rng_for(seed, "tests/sets", str(number))
    content = content_hash(number)
    clip = content[:12]
    present = [COLOURS[int(i)] for i in rng.permutation(len(COLOURS))[:3]]
    absent = [colour for colour in COLOURS if colour not in present]
    groups: list[CandidateGroup] = []
    for place, predicate in enumerate((Predicate.ENTERS_FROM, Predicate.LEAVES_TO)):
        slot = f"{clip}/{predicate}"
        side = SIDES[int(rng.integers(2))]
        others = [absent[int(i)] for i in rng.permutation(len(absent))[:3]]
        for alternative, other in enumerate(others):
            made = grid(slot, predicate, present[place], other, side, rng)
            groups.append(made.model_copy(update={"group_id": f"{slot}/{alternative}"}))
    groups.append(camera_group(f"{clip}/camera", still(rng, ("still", *WAYS))))
    groups.append(motion_group(f"{clip}/motion", fair(rng, THIRDS)))
    groups.append(brightness_group(f"{clip}/brighter", fair(rng, SIDES)))
    groups.append(shots_group(f"{clip}/shots", fair(rng, THIRDS), int(rng.integers(3, 7))))
    ref = VideoRef(uri=f"clip_{number:05d}.mp4")
    return ref, Offered(content, 6, tuple(groups))


def offers(count: int, *, seed: int = 0, still: Skew = fair) -> Iterator[tuple[VideoRef, Offered]]:
    """The offers of `count` videos."""
    for number in range(count):
        yield offer(number, seed=seed, still=still)
