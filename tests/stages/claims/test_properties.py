"""What holds of the checker on any scene, with drawn things on drawn paths."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import Scene, Track
from stages.claims import TruthValue, check, check_worded
from stages.claims.edited_scene import backwards, mirrored
from stages.claims.margins import Margins
from stages.claims.scene_view import SceneView
from tests.scenes import claim, event, line, measure, scene, track

SPANS = [[(0.0, 10.0)], [(0.0, 5.0)], [(2.5, 7.5)]]
PAIRS = [[(0.0, 4.0), (6.0, 10.0)], [(1.0, 3.0), (5.0, 9.0)]]
WAYS = ("left", "right", "up", "down")
MIRROR = {"left": "right", "right": "left", "left_of": "right_of", "right_of": "left_of"}
REVERSE = {
    "left": "right", "right": "left", "up": "down", "down": "up", "in": "out", "out": "in",
    "grows": "shrinks", "shrinks": "grows", "enters": "leaves", "leaves": "enters",
    "starts": "stops", "stops": "starts",
    "speeds_up": "slows_down", "slows_down": "speeds_up",
    "enters_with": "leaves_with", "leaves_with": "enters_with",
}  # fmt: skip
DEEP = settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])

hundredths = st.integers(15, 85).map(lambda n: n / 100)
places = st.tuples(hundredths, hundredths)
tenths = st.integers(0, 100).map(lambda n: n / 10)
stretches = st.tuples(st.integers(0, 40), st.integers(50, 100)).map(lambda s: [(s[0] / 10, s[1] / 10)])


@st.composite
def drawn_tracks(draw: st.DrawFn, name: str, colour: str, fps: float = 10.0) -> Track:
    motion = line(draw(places), draw(places), (draw(st.integers(0, 4)), draw(st.integers(5, 10))), draw(hundredths) / 3)
    return track(name, motion, draw(stretches), name=colour, fps=fps, enters_from="left", leaves_to="top")


@st.composite
def drawn_scenes(draw: st.DrawFn) -> Scene:
    red, blue = draw(drawn_tracks("r", "red")), draw(drawn_tracks("b", "blue"))
    kinds = st.sampled_from(["enters", "leaves", "starts", "stops"])
    moments = draw(st.lists(st.tuples(kinds, tenths, st.sampled_from(["r", "b"])), max_size=6, unique=True))
    shifts = st.integers(-5, 5).map(lambda n: n / 100)
    measures = [
        measure(
            float(second),
            luma=draw(hundredths),
            motion=(draw(hundredths) / 10, draw(hundredths) / 10, draw(hundredths) / 10),
            shift=(draw(shifts), draw(shifts)),
            scale=1 + draw(shifts),
        )
        for second in range(10)
    ]
    return scene(red, blue, events=[event(*moment) for moment in moments], measures=measures)


def all_claims(there: Scene) -> list[Claim]:
    red, blue = there.tracks
    claims = [claim(p, a, b) for p in TIMELESS for a, b in ((red, blue), (blue, red))]
    for during in SPANS:
        claims += [claim(p, red, blue, during=during) for p in SIDES]
        claims += [claim("moves", red, value=way, during=during) for way in WAYS]
        claims += [claim("still", red, during=during)]
        claims += [
            claim("in_region", red, value=r, during=during) for r in ("left", "centre", "right", "top", "middle")
        ]
        claims += [claim("motion_in", value=third, during=during) for third in ("left", "centre", "right")]
        claims += [claim("camera_moves", value=way, during=during) for way in (*WAYS, "in", "out", "still")]
        claims += [claim("event_in", red, value=k, during=during) for k in ("enters", "leaves", "starts", "stops")]
        claims += [claim("moving_count", value=n, during=during) for n in "0123"]
    for during in PAIRS:
        claims += [claim(p, red, during=during) for p in ("speeds_up", "slows_down", "returns")]
        claims += [claim("displaced", red, value=way, during=during) for way in WAYS]
        claims += [claim("size_change", red, value=value, during=during) for value in ("grows", "shrinks")]
        claims += [claim(p, during=during) for p in ("busier", "brighter")]
    return claims


SIDES = ("left_of", "right_of", "above", "below", "larger_than", "overlaps", "apart")
TIMELESS = (
    "enters_before", "leaves_before", "starts_before", "stops_before", "enters_with", "leaves_with",
    "together", "never_together", "visible_longer",
)  # fmt: skip
OPPOSITES = [
    ("left_of", "right_of"),
    ("above", "below"),
    ("overlaps", "apart"),
    ("together", "never_together"),
    ("enters_before", "enters_with"),
    ("leaves_before", "leaves_with"),
    ("speeds_up", "slows_down"),
]


def truths(there: Scene, claims: list[Claim]) -> dict[Claim, TruthValue]:
    view = SceneView(there)
    return {asked: check(asked, view).truth for asked in claims}


@DEEP
@given(drawn_scenes())
def test_opposites_are_never_both_true(there: Scene) -> None:
    """Of two contraries, and of two values of one predicate, at most one is true; the other one is then false."""
    found, view = truths(there, all_claims(there)), SceneView(there)
    for one, other in OPPOSITES:
        for asked, truth in found.items():
            if asked.predicate == one and truth is TruthValue.TRUE:
                contrary = asked.model_copy(update={"predicate": Predicate(other)})
                assert check(contrary, view).truth is TruthValue.FALSE
    for asked, truth in found.items():
        if truth is TruthValue.TRUE and asked.value is not None and asked.predicate not in ("event_in", "in_region"):
            rest = {t for c, t in found.items() if _differs_in_value_alone(c, asked)}
            # a camera that moves right may go up by the way
            by_the_way = {TruthValue.UNKNOWN} if asked.predicate == "camera_moves" else set()
            assert rest <= {TruthValue.FALSE} | by_the_way


def _differs_in_value_alone(one: Claim, other: Claim) -> bool:
    return one.value != other.value and one.model_copy(update={"value": other.value}) == other


@DEEP
@given(drawn_scenes())
def test_an_order_turned_round_is_false(there: Scene) -> None:
    """If a comes before b, is visible longer or is larger, then the same claim with a and b exchanged is false."""
    red, blue = there.tracks
    view = SceneView(there)
    for predicate in (*TIMELESS[:4], "visible_longer"):
        if check(claim(predicate, red, blue), view).truth is TruthValue.TRUE:
            assert check(claim(predicate, blue, red), view).truth is TruthValue.FALSE
    if check(claim("larger_than", red, blue, during=SPANS[0]), view).truth is TruthValue.TRUE:
        assert check(claim("larger_than", blue, red, during=SPANS[0]), view).truth is TruthValue.FALSE


@DEEP
@given(drawn_scenes())
def test_a_mirror_swaps_left_and_right_and_nothing_else(there: Scene) -> None:
    """Each claim holds in the mirrored scene as its mirrored claim does in the scene, by the same margin."""
    plain, across = SceneView(there), SceneView(mirrored(there))
    for asked in all_claims(there):
        turned = asked.model_copy(
            update={
                "predicate": Predicate(MIRROR.get(asked.predicate, asked.predicate)),
                "value": MIRROR.get(asked.value or "", asked.value),
            }
        )
        one, other = check(asked, plain), check(turned, across)
        _agree(one, other)


def _agree(one: object, other: object) -> None:
    """The verdicts are equal, unless both margins are next to nothing."""
    if one.truth is other.truth:
        assert one.margin == pytest.approx(other.margin, abs=1e-6)
    else:
        assert max(one.margin, other.margin) < 1e-6


@DEEP
@given(drawn_scenes(), st.sampled_from([-37.5, 2.0, 1000.25]))
def test_the_containers_clock_does_not_matter(there: Scene, by_seconds: float) -> None:
    """A clip that starts at another container time has the same verdicts."""
    plain, later = SceneView(there), SceneView(_shifted(there, by_seconds))
    for asked in all_claims(there):
        moved = tuple(_moved(interval, by_seconds) for interval in asked.intervals)
        one = check(asked, plain)
        other = check(asked.model_copy(update={"intervals": moved}), later)
        _agree(one, other)


def _moved(interval: Interval, by: float) -> Interval:
    return Interval(start_seconds=interval.start_seconds + by, end_seconds=interval.end_seconds + by)


def _shifted(there: Scene, by: float) -> Scene:
    """The same scene on a clock that is `by` seconds ahead."""

    def walk(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: item + by if key.endswith("_seconds") and isinstance(item, float) else walk(item)
                for key, item in value.items()
            }
        return [walk(item) for item in value] if isinstance(value, (list, tuple)) else value

    return Scene.model_validate(walk(there.model_dump()))


@DEEP
@given(st.data())
def test_a_denser_path_never_says_the_opposite(data: st.DataObject) -> None:
    """A claim proven by the least margins at 10 frames a second is never disproven at 30, by however small a margin."""
    seed = {"r": "red", "b": "blue"}
    coarse, dense = [], []
    for name, colour in seed.items():
        motion = line(
            data.draw(places), data.draw(places), (data.draw(st.integers(0, 4)), data.draw(st.integers(5, 10)))
        )
        visible = data.draw(stretches)
        coarse.append(track(name, motion, visible, name=colour, fps=10))
        dense.append(track(name, motion, visible, name=colour, fps=30))
    there, truth = SceneView(scene(*coarse)), SceneView(scene(*dense))
    for asked in all_claims(there.scene):
        proven = check(asked, there)
        if Margins().allow(proven):
            assert {proven.truth, check(asked, truth).truth} != {TruthValue.TRUE, TruthValue.FALSE}, asked


@DEEP
@given(drawn_scenes())
def test_a_worded_verdict_is_a_plain_one_or_none(there: Scene) -> None:
    """Moving the edges can only make a verdict unknown."""
    view = SceneView(there)
    for asked in all_claims(there):
        worded = check_worded(asked, view, edge_seconds=0.25)
        assert worded.truth is TruthValue.UNKNOWN or worded == check(asked, view)


@DEEP
@given(drawn_scenes())
def test_played_backwards_twice_is_played_once(there: Scene) -> None:
    """Reversing twice gives the scene back, up to the rounding of times; mirroring twice, up to that of boxes."""
    for edit in (backwards, mirrored):
        plain, back = SceneView(there), SceneView(edit(edit(there)))
        for asked in all_claims(there):
            _agree(check(asked, plain), check(asked, back))


@DEEP
@given(drawn_scenes())
def test_played_backwards_ways_and_events_turn_round(there: Scene) -> None:
    """Played backwards, left becomes right, growing becomes shrinking and entering becomes leaving, at the mirrored
    times.
    """
    plain, back = SceneView(there), SceneView(backwards(there))
    end = there.end_seconds
    turned_round = {
        "moves",
        "camera_moves",
        "event_in",
        "displaced",
        "size_change",
        "speeds_up",
        "slows_down",
        "together",
    }
    for asked in all_claims(there):
        if asked.predicate not in turned_round:
            continue
        intervals = [
            # a hair later, so that boxes at a start, which is inside, stay inside at an end, which is not
            Interval(start_seconds=end - i.end_seconds + 2e-6, end_seconds=end - i.start_seconds + 2e-6)
            for i in reversed(asked.intervals)
        ]
        turned = asked.model_copy(
            update={
                "intervals": tuple(intervals),
                "predicate": Predicate(REVERSE.get(asked.predicate, asked.predicate)),
                "value": REVERSE.get(asked.value or "", asked.value),
            }
        )
        one, other = check(asked, plain), check(turned, back)
        assert {one.truth, other.truth} != {TruthValue.TRUE, TruthValue.FALSE} or max(
            one.margin, other.margin
        ) < 1e-6, (
            one,
            other,
            asked,
        )
        if asked.predicate in ("displaced", "size_change", "together"):
            _agree(one, other)
