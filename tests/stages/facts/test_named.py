"""Questions about kinds of things: what is in view, when, and how many are."""

from collections.abc import Sequence

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.pair import ClaimEdit, RejectedKind
from schemas.scene import ANNOTATIONS, Scene
from stages.claims.nouns import plural
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.named import named
from stages.facts.named_kind import NamedKind, named_kinds
from stages.facts.offer import Offerer
from tests.scenes import search_of
from tests.stages.facts.clips import BALLS, clip_of, looked_for, toys


def asked(content: Scene, seed: int = 0) -> list[tuple[CandidateGroup, ...]]:
    """The questions about kinds that the clip proves, each with its alternatives."""
    view = AskableScene(
        seen=SceneView(content),
        objects=(),
        named=(),
        throughout=(),
        absent=(),
        min_gap_seconds=1.0,
        stretches_per_question=6,
        picture_stretches=6,
        rng=np.random.default_rng(seed),
    )
    offerer = Offerer(clip_of(content), ClipProver(clip_of(content), ProofConfig()), 3, 0.15)
    offers = (offerer.offer(slot, np.random.default_rng(seed)) for slot in named(view))
    return [groups for groups in offers if not isinstance(groups, Drop)]


@pytest.fixture(scope="module")
def groups() -> list[CandidateGroup]:
    """Three balls all along, a box until 4 s, and neither star nor arrow nor cross."""
    return [group for question in asked(toys()) for group in question]


def _of(groups: Sequence[CandidateGroup], slot: str) -> list[CandidateGroup]:
    found = [group for group in groups if group.slot_id.split("/")[1].startswith(slot)]
    assert found, slot
    return found


def test_kinds_are_those_in_the_clip_and_those_that_are_not() -> None:
    """Of what was asked for and not of the words that absence needs as well; a kind that may be there is neither."""
    kinds = {kind.name: kind for kind in named_kinds(SceneView(toys()))}
    assert {name for name, kind in kinds.items() if kind.in_video} == {"ball", "box"}
    assert {name for name, kind in kinds.items() if not kind.in_video} == {"star", "arrow", "cross"}
    doubt = search_of("star", others=lambda at: [(0.9, 0.9, 0.3)] if 4.9 < at < 5.2 else [])
    doubtful = toys().model_copy(update={"tracks": (), "searched": (doubt, search_of("ball"))})
    assert list(named_kinds(SceneView(doubtful))) == []
    listed = search_of("star", others=lambda _: [(0.5, 0.5, 1.0)], source=ANNOTATIONS)
    (told,) = named_kinds(SceneView(doubtful.model_copy(update={"searched": (listed,)})))
    assert (told.in_video, told.track_ids) == (True, ())  # people say that it is there, and not where


def test_a_kind_is_one_or_several() -> None:
    """It is "a ball" where one is meant, "balls" where they are counted, whatever noun a question uses."""
    (kind,) = (kind for kind in named_kinds(SceneView(looked_for(*BALLS))) if kind.name == "ball")
    assert kind.phrase("object") == "a ball"
    assert NamedKind(None, "ball", several=True).phrase("object") == "balls"
    assert len(kind.track_ids) == 3


def test_what_is_in_view_is_asked_against_what_is_not(groups: list[CandidateGroup]) -> None:
    """The true answer names a ball or the box, the others what is not in view then; of what is nowhere they say so."""
    for group in _of(groups, "which."):
        assert group.chosen.claim is not None
        assert group.chosen.claim.noun in {"ball", "box"}
        for answer in group.rejected:
            assert answer.claim is not None
            irrelevant = answer.claim.noun in {"star", "arrow", "cross"}
            assert (answer.rejected_kind is RejectedKind.IRRELEVANT) == irrelevant
            assert (answer.claim.noun in group.absent) == irrelevant
    assert {answer.text for group in _of(groups, "which.") for answer in group.answers} >= {"You can see a ball."}


def test_when_a_kind_is_in_view_is_asked_where_it_is_in_one_part(groups: list[CandidateGroup]) -> None:
    """The box is in view in the first half alone; the balls are in both, so nothing is asked about them."""
    plain = [group for group in _of(groups, "seen_when.half.box") if group.form == "opposites"]
    assert {group.chosen.text.split("in the ")[1] for group in plain} == {"first half of the clip."}
    assert {answer.corruption.edit for group in plain for answer in group.rejected} == {ClaimEdit.MISTIME}
    assert not [group for group in groups if "seen_when" in group.slot_id and ".ball" in group.slot_id]


def test_a_grid_has_one_true_corner_and_names_an_absent_kind(groups: list[CandidateGroup]) -> None:
    """The box or what is not there, in the first half or in the second."""
    for group in _of(groups, "seen_when.half.box.grid"):
        claims = [answer.claim for answer in group.answers]
        assert len({(c.noun, c.intervals) for c in claims if c}) == len(claims) == 4
        assert len(group.absent) == 1


def test_things_of_a_kind_are_counted(groups: list[CandidateGroup]) -> None:
    """Three balls: the true number stands in a run; a grid names another kind as well, with both numbers."""
    runs = [group for group in _of(groups, "named_count.ball") if group.form == "numbers"]
    assert {group.chosen.claim.value for group in runs if group.chosen.claim} == {"3"}
    assert all(plural("ball") in group.question for group in runs)
    grids = [group for group in _of(groups, "named_count.ball") if group.form == "grid"]
    assert {answer.claim.predicate for group in grids for answer in group.answers if answer.claim} == {
        Predicate.NAMED_COUNT
    }
    assert all(" balls" in group.chosen.text for group in grids)
    assert not [group for group in _of(groups, "named_count.box") if group.form == "grid"]


def test_no_count_is_asked_where_something_may_be_of_the_kind() -> None:
    """A candidate between the thresholds at 5 s: only stretches that keep away from it are asked about."""
    content = looked_for(*BALLS)
    doubt = search_of("ball", BALLS, others=lambda at: [(0.9, 0.9, 0.3)] if 4.9 < at < 5.2 else [])
    others = tuple(one for one in content.searched if one.noun != "ball")
    found = asked(content.model_copy(update={"searched": (doubt, *others)}))
    counts = [groups[0] for groups in found if "named_count" in groups[0].slot_id]
    assert counts
    for group in counts:
        (interval,) = group.chosen.claim.intervals if group.chosen.claim else ()
        assert not interval.contains(5.0)


def test_texts_name_their_kind_in_the_singular_or_the_plural(groups: list[CandidateGroup]) -> None:
    """Every answer, or its question, says the noun of its claim."""
    for group in groups:
        for answer in group.answers:
            noun = answer.claim.noun if answer.claim else None
            assert noun is not None
            assert any(word in f"{group.question} {answer.text}".casefold() for word in (noun, plural(noun)))


def test_a_grid_of_numbers_has_two_that_follow_each_other(groups: list[CandidateGroup]) -> None:
    """Three balls are asked against two: of each such pair both numbers can be true."""
    grids = [group for group in _of(groups, "named_count.ball") if group.form == "grid"]
    assert {answer.claim.value for group in grids for answer in group.answers if answer.claim} == {"2", "3"}


def test_nobody_asks_whether_there_is_a_face() -> None:
    """How many there are is asked."""
    content = looked_for(*BALLS)
    tracks = tuple(track.model_copy(update={"label": "face"}) for track in content.tracks)
    faces = content.model_copy(update={"tracks": tracks, "searched": (search_of("face", tracks),)})
    keys = {groups[0].slot_id.split("/")[1] for groups in asked(faces)}
    assert keys
    assert all(key.startswith("named_count.face") for key in keys)
