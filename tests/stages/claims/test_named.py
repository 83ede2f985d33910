"""Kinds of things are present, absent and counted by what was searched for."""

from collections.abc import Sequence

import pytest

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, Scene, Track
from schemas.search import Candidate, Search, SearchedFrame
from stages.claims import check
from stages.claims.nouns import words_about
from stages.claims.scene_view import SceneView
from tests.scenes import cut, fade, fixed, scene, track

STEP = 0.3
"""Seconds between the frames that were looked at."""
FRAMES = [index * STEP for index in range(34)]


def search(noun: str, *seen: tuple[Track, float], source: str = "fake", stray: Sequence[float] = ()) -> Search:
    """Looked for from 0 to 9.9 s; each track is found with its score in every frame in which it is in view.

    `stray` are moments at which something of score 0.3, between the thresholds, is found at the left border.
    """
    frames = []
    for moment in FRAMES:
        found = [
            Candidate(**_sides(point), score=score, track_id=one.track_id)
            for one, score in seen
            for point in one.path
            if abs(point.pts_seconds - moment) < 0.01
        ]
        if any(abs(moment - at) < STEP / 2 for at in stray):
            found.append(Candidate(x0=0.0, y0=0.0, x1=0.05, y1=0.05, score=0.3, track_id=None))
        frames.append(SearchedFrame(pts_seconds=moment, candidates=tuple(found)))
    return Search(noun=noun, source=source, sure=0.5, maybe=0.2, frames=tuple(frames))


def _sides(box: object) -> dict[str, float]:
    return {name: getattr(box, name) for name in ("x0", "y0", "x1", "y1")}


def in_vain(*nouns: str) -> list[Search]:
    """All that absence of the nouns needs, and nothing found."""
    return [search(word) for word in sorted({word for noun in nouns for word in words_about(noun)})]


def verdict(
    seen: Scene, searches: Sequence[Search], noun: str, start: float = 3.0, end: float = 6.0, count: int | None = None
) -> str:
    """The verdict on "a `noun` is in view", or on their number."""
    return _checked(seen, searches, noun, start, end, count)[0]


def _checked(
    seen: Scene, searches: Sequence[Search], noun: str, start: float, end: float, count: int | None
) -> tuple[str, float]:
    kinds = {one.noun for one in searches}
    rest = [one for one in in_vain(noun) if one.noun not in kinds]
    full = seen.model_copy(update={"searched": (*searches, *rest)})
    return _plain(full, noun, start, end, count)


def _plain(seen: Scene, noun: str, start: float, end: float, count: int | None = None) -> tuple[str, float]:
    predicate, value = (Predicate.PRESENT, None) if count is None else (Predicate.NAMED_COUNT, str(count))
    interval = Interval(start_seconds=start, end_seconds=end)
    found = check(Claim(predicate=predicate, noun=noun, value=value, intervals=(interval,)), SceneView(seen))
    return found.truth.value, found.margin


DOG = track("dog", fixed(0.3, 0.5), label="dog")
CAT = track("cat", fixed(0.7, 0.5), label="cat")
LATE = track("late", fixed(0.3, 0.5), [(6.0, 10.0)], label="dog")


def test_a_thing_that_is_sure_in_two_frames_is_present_by_its_second_best_score() -> None:
    """A score of 0.8 in all frames is 0.3 above the threshold of 0.5; a narrower noun counts for the wider one."""
    assert _checked(scene(DOG), [search("dog", (DOG, 0.8))], "dog", 3, 6, None) == ("true", pytest.approx(0.3))
    assert verdict(scene(DOG), [search("dog", (DOG, 0.8))], "animal") == "true"
    puppy = track("puppy", fixed(0.3, 0.5), label="puppy")
    assert verdict(scene(puppy), [search("puppy", (puppy, 0.8))], "dog") == "true"


def test_between_the_thresholds_nothing_is_known() -> None:
    """0.4 is neither present nor absent, and no number; nor is one candidate without a track."""
    for searches in ([search("dog", (DOG, 0.4))], [search("dog", stray=[4.5])]):
        assert verdict(scene(DOG), searches, "dog") == "unknown"
        assert verdict(scene(DOG), searches, "dog", count=0) == "unknown"


def test_one_frame_is_not_enough() -> None:
    """In view from 4.2 to 4.4 s: one looked-at frame shows it."""
    brief = track("brief", fixed(0.3, 0.5), [(4.15, 4.4)], label="dog", fps=20)
    assert verdict(scene(brief), [search("dog", (brief, 0.9))], "dog") == "unknown"


def test_absence_needs_every_word_that_it_could_be_found_under() -> None:
    """The margin is the distance of the thresholds; without the puppies, or with the middle left out, it is unknown."""
    empty = scene()
    assert _checked(empty, [], "dog", 3, 6, None) == ("false", pytest.approx(0.3))
    without = [one for one in in_vain("dog") if one.noun != "puppy"]
    assert _plain(empty.model_copy(update={"searched": tuple(without)}), "dog", 3, 6)[0] == "unknown"
    gap = [
        one.model_copy(update={"frames": tuple(f for f in one.frames if not 4.0 < f.pts_seconds < 5.0)})
        for one in in_vain("dog")
    ]
    assert _plain(empty.model_copy(update={"searched": tuple(gap)}), "dog", 3, 6)[0] == "unknown"
    assert _plain(empty, "dog", 3, 6)[0] == "unknown"


def test_absence_keeps_away_from_what_comes_shortly_after() -> None:
    """A dog from 6.0 s on: absent until 5.3 s, with two looked-at frames to spare, and not known until 5.6 s."""
    searches = [search("dog", (LATE, 0.9))]
    assert verdict(scene(LATE), searches, "dog", 3.0, 5.3) == "false"
    assert verdict(scene(LATE), searches, "dog", 3.0, 5.6) == "unknown"


def test_a_cut_ends_what_may_have_been_missed() -> None:
    """If the picture cuts at 6.0 s, the dog of the next shot says nothing of the time until then."""
    assert verdict(scene(LATE, cuts=[cut(6.0)]), [search("dog", (LATE, 0.9))], "dog", 3.0, 6.0) == "false"


def test_what_was_found_under_a_wider_noun_may_be_one_unless_it_is_something_else() -> None:
    """An animal that is surely a cat is no dog; an animal of which no more is known may be one."""
    both = [search("animal", (CAT, 0.9)), search("cat", (CAT, 0.9))]
    assert verdict(scene(CAT), both, "dog") == "false"
    animal = track("animal", fixed(0.7, 0.5), label="animal")
    assert verdict(scene(animal), [search("animal", (animal, 0.9))], "dog") == "unknown"


def test_what_somebody_might_call_so_is_not_absent() -> None:
    """A wolf may be taken for a dog; a tree may not."""
    wolf, tree = (track(name, fixed(0.7, 0.5), label=name) for name in ("wolf", "tree"))
    assert verdict(scene(wolf), [search("wolf", (wolf, 0.9))], "dog") == "unknown"
    assert verdict(scene(tree), [search("tree", (tree, 0.9))], "dog") == "false"


HAND = track("hand", fixed(0.3, 0.5, 0.02, 0.02), label="hand")
FAR_HAND = track("far", fixed(0.9, 0.9, 0.02, 0.02), label="hand")
MAN = track("man", fixed(0.3, 0.5), label="man")


def test_where_a_hand_is_seen_a_person_may_be() -> None:
    """And where a person is, a hand; a hand within a person is one of that person's, any other may be another's."""
    found = [search("man", (MAN, 0.9)), search("hand", (HAND, 0.9))]
    assert verdict(scene(HAND), [search("hand", (HAND, 0.9))], "person") == "unknown"
    assert verdict(scene(MAN), [search("man", (MAN, 0.9))], "hand") == "unknown"
    assert verdict(scene(MAN, HAND), found, "person", count=1) == "true"
    assert verdict(scene(MAN, HAND), found, "hand", count=1) == "true"
    two = [search("man", (MAN, 0.9)), search("hand", (HAND, 0.9), (FAR_HAND, 0.9))]
    assert verdict(scene(MAN, HAND, FAR_HAND), two, "person", count=1) == "unknown"


def test_a_person_who_lists_all_animals_has_listed_the_dogs() -> None:
    """One search by people covers narrower nouns: no dog is there, though no detector looked."""
    listed = search("animal", (CAT, 1.0), source=ANNOTATIONS)
    told = scene(CAT.model_copy(update={"source": ANNOTATIONS})).model_copy(update={"searched": (listed,)})
    assert _plain(told, "dog", 3, 6)[0] == "false"
    assert _plain(told, "animal", 3, 6)[0] == "true"
    assert _plain(told, "tree", 3, 6)[0] == "unknown"


def test_people_count_without_saying_where_and_know_better_than_wider_nouns() -> None:
    """Two dogs listed without boxes are two. A person who says that no woman is there means it, though an adult is."""
    somewhere = search("dog", source=ANNOTATIONS)
    two = (Candidate(x0=0, y0=0, x1=1, y1=1, score=1.0, track_id=None),) * 2
    frames = tuple(frame.model_copy(update={"candidates": two}) for frame in somewhere.frames)
    told = scene().model_copy(update={"searched": (somewhere.model_copy(update={"frames": frames}),)})
    assert [_plain(told, "dog", 3, 6, count)[0] for count in (None, 1, 2)] == ["true", "false", "true"]
    adult = track("adult", fixed(0.7, 0.5), label="adult")
    listed = (search("woman", source=ANNOTATIONS), search("adult", (adult, 1.0), source=ANNOTATIONS))
    assert _plain(scene(adult).model_copy(update={"searched": listed}), "woman", 3, 6)[0] == "false"
    assert _plain(scene(adult).model_copy(update={"searched": listed[1:]}), "woman", 3, 6)[0] == "unknown"


def test_a_number_is_that_of_the_things_in_view_all_the_time() -> None:
    """Two dogs at 0.3 and 0.5: two is true by the least sure one, 0.1; one and three are false by as much."""
    other = track("other", fixed(0.5, 0.5), label="dog")
    searches = [search("dog", (DOG, 0.9), (other, 0.6))]
    found = [_checked(scene(DOG, other), searches, "dog", 3, 6, count) for count in (1, 2, 3)]
    assert found == [(truth, pytest.approx(0.1)) for truth in ("false", "true", "false")]


def test_narrower_kinds_count_too_and_one_thing_found_twice_counts_once() -> None:
    """A dog, a puppy, and the puppy found as a dog as well: two dogs."""
    puppy, again = (track(name, fixed(0.7, 0.5), label=label) for name, label in (("p", "puppy"), ("d", "dog")))
    searches = [search("dog", (DOG, 0.9), (again, 0.9)), search("puppy", (puppy, 0.9))]
    assert verdict(scene(DOG, puppy, again), searches, "dog", count=2) == "true"


def test_two_things_that_lie_on_each_other_at_times_are_no_certain_number() -> None:
    """One moves over the other: whether they are one or two is not known."""
    moving = track("m", lambda t: fixed(0.3 if t < 4 else 0.5, 0.5)(t), label="dog")
    assert verdict(scene(DOG, moving), [search("dog", (DOG, 0.9), (moving, 0.9))], "dog", count=2) == "unknown"


def test_a_number_that_changes_is_none() -> None:
    """A second dog from 6.0 s on: one until 5.3 s; not known where it comes, or shortly before."""
    searches = [search("dog", (DOG, 0.9), (LATE.model_copy(), 0.9))]
    seen = scene(DOG, LATE.model_copy(update={"path": track("x", fixed(0.6, 0.5), [(6.0, 10.0)]).path}))
    assert verdict(seen, searches, "dog", 3.0, 5.3, count=1) == "true"
    assert verdict(seen, searches, "dog", 3.0, 5.6, count=1) == "unknown"
    assert verdict(seen, searches, "dog", 5.0, 8.0, count=1) == "unknown"


def test_a_frame_in_which_a_thing_is_missed_changes_no_number() -> None:
    """The dog's candidate is missing at 4.2 s; its track goes on."""
    whole = search("dog", (DOG, 0.9))
    gaps = tuple(f.model_copy(update={"candidates": ()}) if 4.1 < f.pts_seconds < 4.3 else f for f in whole.frames)
    assert verdict(scene(DOG), [whole.model_copy(update={"frames": gaps})], "dog", count=1) == "true"


def test_no_number_in_the_dark() -> None:
    """A fade from 4 to 5 s: what is in view then cannot be seen."""
    seen = scene(DOG, fades=[fade(4.5)])
    assert verdict(seen, [search("dog", (DOG, 0.9))], "dog", 5.5, 8.0, count=1) == "true"
    assert verdict(seen, [search("dog", (DOG, 0.9))], "dog", 3.0, 6.0, count=1) == "unknown"


def test_of_an_unlisted_noun_presence_alone_is_said() -> None:
    """A zeppelin is there; whether none is, or how many are, is not known: it may have been found as something else."""
    ship = track("z", fixed(0.3, 0.5), label="zeppelin")
    searches = [search("zeppelin", (ship, 0.9))]
    assert verdict(scene(ship), searches, "zeppelin") == "true"
    assert verdict(scene(ship), searches, "zeppelin", count=1) == "unknown"
    assert verdict(scene(), [search("zeppelin")], "zeppelin") == "unknown"
