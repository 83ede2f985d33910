"""Which thing a phrase fits."""

import pytest

from schemas.claim import Claim, Predicate
from schemas.colour import Hue
from schemas.scene import FACE, Scene
from stages.claims import TruthValue, check
from stages.claims.checked import Checked, MarginKind
from stages.claims.scene_view import SceneView
from tests.scenes import claim, fixed, hues, line, link, scene, span, track

WHOLE = [(0.0, 10.0)]
RED = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)), name="red")
BLUE = track("b", fixed(0.7, 0.3), name="blue", moves=False)
MOVES_RIGHT = claim("moves", RED, value="right", during=WHOLE)


def said_of(base: Claim, phrase: str) -> Claim:
    return base.model_copy(update={"subject_phrases": (phrase,)})


def truth(claimed: Claim, there: Scene) -> TruthValue:
    return check(claimed, SceneView(there)).truth


@pytest.mark.parametrize("phrase", ["the red object", "the red one", "the red ball", "The Red thing"])
def test_a_colour_word_names_the_thing_alone_of_its_colour(phrase: str) -> None:
    """Whatever the noun is, the colour distinguishes red from blue."""
    assert truth(said_of(MOVES_RIGHT, phrase), scene(RED, BLUE)) is TruthValue.TRUE


def test_two_things_of_a_colour_are_not_told_apart() -> None:
    """With a second red thing "the red object" is ambiguous; if a link joins both to one object, it is not."""
    early = track("r", fixed(0.2, 0.5), [(0, 4)], name="red")
    late = track("r2", fixed(0.6, 0.5), [(6, 10)], name="red")
    asked = claim("in_region", early, value="left", during=[(0, 4)])
    assert truth(asked, scene(early, late)) is TruthValue.UNKNOWN
    assert truth(asked, scene(early, late, links=[link("r", "r2", same=False)])) is TruthValue.UNKNOWN
    assert truth(asked, scene(early, late, links=[link("r", "r2", same=True)])) is TruthValue.TRUE


def test_a_still_thing_without_a_track_counts_as_a_thing() -> None:
    """2 % of the frame that might be red outside red's boxes may be a second red thing."""
    assert truth(MOVES_RIGHT, scene(RED, BLUE, outside=0.02)) is TruthValue.UNKNOWN
    assert truth(MOVES_RIGHT, scene(RED, BLUE, outside=0.0002)) is TruthValue.TRUE


def test_a_phrase_that_cannot_be_read_says_nothing() -> None:
    """A phrase without a colour, or with two, names nothing."""
    assert truth(said_of(MOVES_RIGHT, "the ball"), scene(RED, BLUE)) is TruthValue.UNKNOWN
    assert truth(said_of(MOVES_RIGHT, "the red and blue object"), scene(RED, BLUE)) is TruthValue.UNKNOWN


def test_a_thing_without_a_clear_colour_is_not_named_by_one() -> None:
    """A track without a clear colour may be red or not."""
    plain = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)))
    assert truth(MOVES_RIGHT, scene(plain, BLUE)) is TruthValue.UNKNOWN


def test_the_wrong_colour_makes_a_claim_false() -> None:
    """Nothing is green, so "the green object moves right", about red, is false by the clearness of red's colour."""
    found = check(said_of(MOVES_RIGHT, "the green object"), SceneView(scene(RED, BLUE)))
    assert found == Checked(TruthValue.FALSE, 0.8, MarginKind.COLOUR)


def test_the_wrong_colour_is_no_false_answer_where_its_text_is_true() -> None:
    """About red, "the blue object stands still" is a true text; "the blue object moves right" is false of blue."""
    stands = said_of(claim("still", RED, during=WHOLE), "the blue object")
    assert truth(stands, scene(RED, BLUE)) is TruthValue.UNKNOWN
    assert truth(said_of(MOVES_RIGHT, "the blue object"), scene(RED, BLUE)) is TruthValue.FALSE


def test_the_object_that_moves_is_the_only_one_that_does() -> None:
    """Blue stands still. With a second moving thing, or one that may move untracked, the phrase is ambiguous. It is too
    if what moves as one has no clear colour, and so may be several.
    """
    asked = said_of(MOVES_RIGHT, "the object that moves")
    assert truth(asked, scene(RED, BLUE)) is TruthValue.TRUE
    assert truth(asked, scene(RED, BLUE, tracked=[(0, 5)])) is TruthValue.UNKNOWN
    second = track("b", fixed(0.7, 0.3), name="blue")
    assert truth(asked, scene(RED, second)) is TruthValue.UNKNOWN
    assert truth(asked, scene(RED.model_copy(update={"colour": None}), BLUE)) is TruthValue.UNKNOWN


def face(name: str, x: float, visible: list[tuple[float, float]] = WHOLE) -> object:
    return track(name, fixed(x, 0.4), visible, label=FACE)


def test_what_stands_still_may_be_the_object_that_moves() -> None:
    """Red moves until 4 s; blue stands there from 5 s on, and no link says that it is not red: at 6 s "the moving
    object" may be either of them.
    """
    red = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 4)), [(0, 4)], name="red")
    also = track("a", line((0.2, 0.9), (0.8, 0.9), (0, 9.9)), [(5, 10)], name="pink")
    blue = track("b", fixed(0.7, 0.3), [(5, 10)], name="blue", moves=False)
    same = claim("same_object", also, also, during=[(5, 6), (8, 9)])
    meant = same.model_copy(update={"subject_phrases": ("the moving thing",), "object_phrases": ("the moving thing",)})
    parted = (link("r", "a", same=False), link("r", "b", same=False))
    assert truth(meant, scene(red, also, blue, links=parted)) is TruthValue.TRUE
    assert truth(meant, scene(red, also, blue, links=parted[:1])) is TruthValue.UNKNOWN
    stays = claim("still", blue, during=[(6, 8)]).model_copy(update={"subject_phrases": ("the moving thing",)})
    assert truth(stays, scene(red, blue)) is TruthValue.UNKNOWN


def test_a_face_is_named_where_it_is_the_only_one_then() -> None:
    """A second face from 6 s on leaves "the face" clear in [0, 5), not over the whole clip."""
    one, later = face("f", 0.2), face("g", 0.8, [(6, 10)])
    there = scene(one, later)
    assert truth(claim("in_region", one, value="left", during=[(0, 5)]), there) is TruthValue.TRUE
    assert truth(claim("in_region", one, value="left", during=WHOLE), there) is TruthValue.UNKNOWN


def test_one_of_two_things_is_named_by_its_side() -> None:
    """Of faces at 0.2 and 0.8, "the face on the left" is the first one, and not the second."""
    one, other = face("f", 0.2), face("g", 0.8)
    there = scene(one, other)
    left = claim("in_region", one, value="left", during=WHOLE)
    assert truth(said_of(left, "the person's face on the left"), there) is TruthValue.TRUE
    assert truth(said_of(left, "the person's face on the right"), there) is TruthValue.UNKNOWN
    right = claim("in_region", other, value="right", during=WHOLE)
    assert truth(said_of(right, "the face on the right"), there) is TruthValue.TRUE


def absent(phrase: str) -> Claim:
    return Claim(
        predicate=Predicate.MOVES,
        subject_phrases=(phrase,),
        intervals=(span(0, 10),),
        value="right",
        in_video=False,
    )


def test_what_no_pixel_shows_does_nothing() -> None:
    """No pixel might be green: false by the whole limit of 0.0003; and never true, whatever is claimed."""
    assert check(absent("the green object"), SceneView(scene(RED, BLUE))) == Checked(
        TruthValue.FALSE, 0.0003, MarginKind.ABSENCE
    )


def test_what_a_pixel_may_show_is_not_absent() -> None:
    """1 % of the frame that might be green may be a green thing; a blue track is there; faces are never absent."""
    some = tuple(
        Hue(name=hue.name, largest_share=0.01, largest_share_outside=0.01) if hue.name == "green" else hue
        for hue in hues(["red", "blue"])
    )
    there = scene(RED, BLUE)
    assert truth(absent("the green object"), there.model_copy(update={"hues": some})) is TruthValue.UNKNOWN
    assert truth(absent("the green object"), there.model_copy(update={"hues": ()})) is TruthValue.UNKNOWN
    assert truth(absent("the blue object"), there) is TruthValue.UNKNOWN
    assert truth(absent("the face"), there) is TruthValue.UNKNOWN
    assert truth(absent("the odd object"), there) is TruthValue.UNKNOWN


def test_identity_names_what_is_red_in_each_interval() -> None:
    """There is one red thing before 3 s and another one after 6 s: each is the red object of its time."""
    early = track("r", fixed(0.2, 0.5), [(0, 3)], name="red")
    late = track("r2", fixed(0.6, 0.5), [(6, 10)], name="red")
    there = scene(early, late, links=[link("r", "r2", same=False)])
    assert truth(claim("different_objects", early, late, during=[(0, 3), (7, 10)]), there) is TruthValue.TRUE
    third = track("r3", fixed(0.9, 0.5), [(6, 10)], name="red")
    crowd = scene(early, late, third, links=[link("r", "r2", same=False), link("r", "r3", same=False)])
    assert truth(claim("different_objects", early, late, during=[(0, 3), (7, 10)]), crowd) is TruthValue.UNKNOWN


def test_a_claim_on_a_track_that_is_not_there_is_open() -> None:
    """A scene without the track proves nothing about it."""
    assert truth(MOVES_RIGHT, scene(BLUE)) is TruthValue.UNKNOWN


def test_nothing_is_left_of_itself() -> None:
    """Two tracks of one object are not two things that could be compared."""
    late = track("r2", fixed(0.6, 0.5), [(6, 10)], name="red")
    both = scene(track("r", fixed(0.2, 0.5), [(0, 7)], name="red"), late, links=[link("r", "r2", same=True)])
    assert truth(claim("together", RED, late), both) is TruthValue.UNKNOWN


def test_an_annotations_own_phrase_names_its_thing() -> None:
    """The phrase holds two colours and a noun that was never searched for; it names what it was given to."""
    woman = track("w", fixed(0.2, 0.5), label="woman", name="brown")
    woman = woman.model_copy(update={"phrase": "the woman in the pink and white top", "source": "annotations"})
    asked = claim("in_region", woman, value="left", during=WHOLE)
    there = scene(woman, RED, searched=[])
    assert truth(said_of(asked, "the woman in the pink and white top"), there) is TruthValue.TRUE
    assert truth(said_of(asked, "the woman in the pink top"), there) is TruthValue.UNKNOWN
    twice = scene(woman, woman.model_copy(update={"track_id": "v"}), searched=[])
    assert truth(said_of(asked, "the woman in the pink and white top"), twice) is TruthValue.UNKNOWN


def test_a_colour_and_a_noun_name_what_has_both() -> None:
    """The only red thing is a box: "the red box" names it, "the red ball" does not."""
    box = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)), name="red", label="box")
    ball = track("b", fixed(0.7, 0.3), name="blue", label="ball")
    asked = claim("moves", box, value="right", during=WHOLE)
    assert truth(said_of(asked, "the red box"), scene(box, ball)) is TruthValue.TRUE
    assert truth(said_of(asked, "the red ball"), scene(box, ball)) is TruthValue.UNKNOWN
