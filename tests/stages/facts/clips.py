"""Hand-made clips to write about: between them they show everything that the writer asks for."""

from schemas.clip import Frame, UnitClip
from schemas.scene import Scene, Track
from stages.claims.nouns import to_search
from stages.reading.tracks import with_writing
from tests.readings import MOMENTS, read_scene, sign
from tests.scenes import cut, deed, event, fixed, line, link, measure, places, scene, search_of, track


def clip_of(content: Scene, name: str = "clip") -> UnitClip:
    """A clip of 20 sampled frames that shows the scene."""
    length = content.end_seconds - content.start_seconds
    frames = tuple(Frame(pts_seconds=content.start_seconds + (i + 0.5) * length / 20, jpeg=b"jpeg") for i in range(20))
    return UnitClip(
        clip_id=name,
        content_sha256=name,
        codec="h264",
        width=320,
        height=180,
        rotation_degrees=0,
        start_seconds=content.start_seconds,
        end_seconds=content.end_seconds,
        duration_seconds_from_header=length,
        duration_seconds_measured=length,
        frames=frames,
        segments=(),
        scene=content,
    )


def walkers() -> Scene:
    """Red crosses to the right in 1..6 s, large blue comes down from 3 s and stops at 5 s, green goes left to right
    in 7..9 s after standing still.
    """
    red = track(
        "t1", line((0.05, 0.3), (0.95, 0.3), (1, 6)), [(1, 6)], name="red", enters_from="left", leaves_to="right"
    )
    blue = track("t2", line((0.5, 0.15), (0.5, 0.6), (3, 5), size=0.25), [(3, 10)], name="blue", enters_from="top")
    green = track("t3", line((0.15, 0.85), (0.85, 0.85), (7, 9)), name="green")
    events = [
        event("enters", 1.0, "t1"),
        event("leaves", 6.0, "t1"),
        event("enters", 3.0, "t2"),
        event("stops", 5.0, "t2"),
        event("starts", 7.0, "t3"),
        event("stops", 9.0, "t3"),
    ]
    return scene(red, blue, green, events=events)


def runners() -> Scene:
    """Two come in and leave together, grow, shrink and change their pace; one of them runs into the other."""
    yellow = track(
        "t1",
        lambda t: _box(0.1 + 0.04 * t if t < 6 else 0.34 + 0.13 * (t - 6), 0.3, 0.1 + 0.02 * t),
        [(1, 10)],
        name="yellow",
    )
    purple = track("t2", line((0.9, 0.32), (0.45, 0.32), (1, 9)), [(1, 10)], name="purple")
    cyan = track("t3", line((0.1, 0.9), (0.3, 0.9), (2, 3.5)), name="cyan")
    pink = track("t4", line((0.9, 0.9), (0.7, 0.9), (6, 7)), name="pink")
    events = [event("enters", 1.0, "t1"), event("enters", 1.05, "t2"), event("starts", 2.0, "t3")]
    events += [event("leaves", 9.95, "t1"), event("leaves", 9.9, "t2"), event("starts", 6.0, "t4")]
    events += [event("leaves", 9.0, "t3"), event("stops", 3.5, "t3"), event("stops", 7.0, "t4")]
    return scene(yellow, purple, cyan, pink, events=events)


def _box(x: float, y: float, side: float) -> tuple[float, float, float, float]:
    return x - side / 2, y - side / 2, x + side / 2, y + side / 2


def swellers() -> Scene:
    """Orange grows and blue shrinks, each in its half of the picture, whole all the time."""
    orange = track("t1", lambda t: _box(0.25, 0.5, 0.1 + 0.03 * t), name="orange")
    blue = track("t2", lambda t: _box(0.75, 0.5, 0.4 - 0.03 * t), name="blue")
    return scene(orange, blue)


def returner() -> Scene:
    """One orange thing that crosses, is away from 3 to 6 s, and comes back."""
    orange = track("t1", line((0.1, 0.5), (0.9, 0.5), (0, 10)), [(0, 3), (6, 10)], name="orange")
    return scene(orange, events=[event("leaves", 3.0, "t1"), event("enters", 6.0, "t1")])


def relay() -> Scene:
    """Red leaves at 4 s; blue comes at 6 s."""
    red = track("t1", line((0.3, 0.5), (0.95, 0.5), (0, 4)), [(0, 4)], name="red", leaves_to="right")
    blue = track("t2", line((0.95, 0.5), (0.2, 0.5), (6, 10)), [(6, 10)], name="blue", enters_from="right")
    return scene(
        red,
        blue,
        links=[link("t1", "t2", same=False)],
        events=[event("leaves", 4.0, "t1"), event("enters", 6.0, "t2")],
    )


def cut_film() -> Scene:
    """No thing: a bright, lively shot whose camera goes right, then from 5 s a dark, quiet one that stands still."""
    lively = [measure(float(s), luma=0.7, motion=(0.2, 0.02, 0.02), shift=(0.0, 0.0)) for s in range(5)]
    quiet = [measure(float(s), luma=0.2, motion=(0.0, 0.0, 0.03)) for s in range(5, 10)]
    return scene(
        cuts=[cut(5.0)],
        places=places((0, 0, 0.0, 0.05), (0, 1, 1.2, 1.4), (1, 1, 0.0, 0.05)),
        measures=lively + quiet,
    )


def there_and_back() -> Scene:
    """No thing: a place, from 3 s another one, and from 6 s the first one again."""
    one, two = (0.0, 0.1), (1.0, 1.3)
    known = places((0, 0, *one), (1, 1, *one), (2, 2, *one), (0, 1, *two), (1, 2, *two), (0, 2, *one))
    return scene(cuts=[cut(3.0), cut(6.0)], places=known)


def pan() -> Scene:
    """No thing and no cut: the camera moves to the right, and stays at one place."""
    measures = [measure(float(s), shift=(-0.1, 0.0)) for s in range(10)]
    return scene(places=places((0, 0, 0.0, 0.1)), measures=measures)


def portrait() -> Scene:
    """Two faces side by side, the left one higher and larger, and nothing else."""
    left = track("f1", fixed(0.25, 0.3, 0.3, 0.4), moves=False, label="face")
    right = track("f2", fixed(0.75, 0.55, 0.15, 0.2), moves=False, label="face")
    return scene(left, right, tracked=())


BALLS = tuple(track(f"ball{i}", fixed(0.2 + 0.3 * i, 0.3), moves=False, label="ball") for i in range(3))
BOX = track("box", fixed(0.5, 0.8), [(0.0, 4.0)], moves=False, label="box")
_KINDS = ("ball", "box", "star", "arrow", "cross")


def looked_for(*tracks: Track) -> Scene:
    """A clip in which five kinds were looked for, and all words that their absence needs; these things were found."""
    words = to_search(_KINDS)
    searches = (search_of(word, tracks).model_copy(update={"asked": word in _KINDS}) for word in words)
    return scene(*tracks).model_copy(update={"searched": tuple(searches)})


def toys() -> Scene:
    """Three balls all along, and a box until 4 s; neither a star nor an arrow nor a cross."""
    return looked_for(*BALLS, BOX)


def deeds() -> Scene:
    """Three named events, and no others: from 1 to 2.5 s, from 4 to 5.2 s and from 7 to 9 s."""
    events = (
        deed("n0", "the woman lifts the bowl", 1.0, 2.5),
        deed("n1", "the dog barks at the door", 4.0, 5.2),
        deed("n2", "a man pours water into the glass", 7.0, 9.0),
    )
    return scene(places=places((0, 0, 0.0, 0.0))).model_copy(update={"events": events, "events_complete": True})


def signs() -> Scene:
    """The word "market" is written until 4.25 s, and the word "welcome" from 5.75 s on."""
    read = read_scene(*sign("MARKET", MOMENTS[:9]), *sign("WELCOME", MOMENTS[11:]))
    return with_writing(read, [Frame(pts_seconds=moment, jpeg=b"jpeg") for moment in MOMENTS])


def empty() -> Scene:
    """A still, even picture."""
    return scene(places=places((0, 0, 0.0, 0.0)))


ALL = {
    "walkers": walkers,
    "runners": runners,
    "swellers": swellers,
    "returner": returner,
    "relay": relay,
    "cut_film": cut_film,
    "there_and_back": there_and_back,
    "pan": pan,
    "portrait": portrait,
    "empty": empty,
    "toys": toys,
    "deeds": deeds,
    "signs": signs,
}
