"""Hand-made scenes for tests: things that move along straight lines, everything else plain."""

from collections.abc import Callable, Mapping, Sequence

from schemas.box import PathPoint, size_class
from schemas.claim import Claim, Predicate
from schemas.colour import Colour, ColourName, Hue
from schemas.interval import Interval
from schemas.scene import OBJECT, WRITING, Cut, Event, EventKind, Fade, Link, Measure, PlaceDistance, Scene, Side, Track
from schemas.search import Candidate, Search, SearchedFrame

Box = tuple[float, float, float, float]
Motion = Callable[[float], Box]


def span(start_seconds: float, end_seconds: float) -> Interval:
    """[start, end) seconds."""
    return Interval(start_seconds=start_seconds, end_seconds=end_seconds)


def fixed(x: float, y: float, width: float = 0.1, height: float = 0.1) -> Motion:
    """A box whose centre stays at (x, y)."""
    return lambda _: (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def line(
    begin: tuple[float, float], end: tuple[float, float], seconds: tuple[float, float], size: float = 0.1
) -> Motion:
    """A box whose centre moves evenly from `begin` to `end` between two times, and rests before and after."""

    def at(moment: float) -> Box:
        done = min(1.0, max(0.0, (moment - seconds[0]) / (seconds[1] - seconds[0])))
        x, y = (b + done * (e - b) for b, e in zip(begin, end, strict=True))
        return x - size / 2, y - size / 2, x + size / 2, y + size / 2

    return at


def colour(name: ColourName | str, margin: float = 0.8) -> Colour:
    """A colour that is clear by `margin`."""
    return Colour(name=ColourName(name), share=(1 + margin) / 2, margin=margin)


def track(
    track_id: str,
    motion: Motion,
    visible: Sequence[tuple[float, float]] = ((0.0, 10.0),),
    *,
    name: str | None = None,
    moves: bool = True,
    label: str = OBJECT,
    enters_from: str | None = None,
    leaves_to: str | None = None,
    fps: float = 10.0,
    score: float = 1.0,
) -> Track:
    """A thing that is visible in those stretches, with one path point every 1 / fps seconds inside them."""
    moments = [
        index / fps
        for start, end in visible
        for index in range(int(start * fps), int(end * fps) + 1)
        if start - 1e-9 <= index / fps < end - 1e-9
    ]
    boxes = ((moment, motion(moment)) for moment in moments)
    path = tuple(PathPoint(pts_seconds=t, x0=x0, y0=y0, x1=x1, y1=y1) for t, (x0, y0, x1, y1) in boxes)
    return Track(
        track_id=track_id,
        label=label,
        score=score,
        colour=colour(name) if name else None,
        size=size_class(path),
        moves=moves,
        turns_known=True,
        first_seconds=visible[0][0],
        last_seconds=visible[-1][1],
        visible=tuple(span(start, end) for start, end in visible),
        enters_from=Side(enters_from) if enters_from else None,
        leaves_to=Side(leaves_to) if leaves_to else None,
        boxes=(),
        path=path,
    )


def event(kind: str, moment: float, track_id: str) -> Event:
    """A clear event of one track."""
    return Event(
        event_id=f"{kind}-{track_id}-{moment}",
        kind=EventKind(kind),
        track_ids=(track_id,),
        pts_seconds=moment,
        start_seconds=moment - 0.1,
        end_seconds=moment + 0.1,
        margin=1.0,
    )


def measure(
    second: float,
    *,
    luma: float = 0.5,
    motion: tuple[float, float, float] = (0.0, 0.0, 0.0),
    shift: tuple[float, float] | None = (0.0, 0.0),
    scale: float = 1.0,
) -> Measure:
    """One analysis second; with shift None the camera's motion is unknown."""
    return Measure(
        pts_seconds=second,
        luma=luma,
        motion_left=motion[0],
        motion_centre=motion[1],
        motion_right=motion[2],
        shift_x=None if shift is None else shift[0],
        shift_y=None if shift is None else shift[1],
        scale=None if shift is None else scale,
    )


def cut(moment: float, *, score: float = 2.0, place_distance: float = 1.0) -> Cut:
    """A cut that both detectors find with the same score."""
    return Cut(pts_seconds=moment, score_a=score, score_b=score, place_distance=place_distance)


def fade(moment: float, *, seconds: float = 1.0, score: float = 2.0) -> Fade:
    """A fade that both detectors find with the same score, dark in its middle."""
    start, end = moment - seconds / 2, moment + seconds / 2
    return Fade(pts_seconds=moment, start_seconds=start, end_seconds=end, score_a=score, score_b=score)


def link(track_a: str, track_b: str, *, same: bool, score: float = 0.9) -> Link:
    """A link that says whether two tracks are one object."""
    return Link(track_a=track_a, track_b=track_b, same=same, score=score)


def places(*distances: tuple[int, int, float, float]) -> tuple[PlaceDistance, ...]:
    """Shot, other shot, nearest and farthest content distance."""
    return tuple(PlaceDistance(shot_a=a, shot_b=b, nearest=near, farthest=far) for a, b, near, far in distances)


def hues(shown: Sequence[str] = (), *, outside: float = 0.0, absent: float = 0.0) -> tuple[Hue, ...]:
    """Each colour name: those shown cover a tenth of the frame, `outside` of it outside their tracks."""
    return tuple(
        Hue(
            name=name,
            largest_share=0.1 if name in shown else absent,
            largest_share_outside=outside if name in shown else absent,
        )
        for name in ColourName
    )


def search_of(
    noun: str,
    tracks: Sequence[Track] = (),
    *,
    seconds: float = 10.0,
    source: str = "looking",
    others: Callable[[float], Sequence[tuple[float, float, float]]] = lambda _: (),
    frames: Sequence[float] | None = None,
) -> Search:
    """A search that looks every 0.3 s, sees the tracks of the noun with score 0.9, and at each time the `others`, as
    centre x, centre y and score.
    """
    moments = [i * 0.3 for i in range(int(seconds / 0.3) + 1)] if frames is None else frames
    return Search(
        noun=noun,
        source=source,
        sure=0.6,
        maybe=0.2,
        frames=tuple(
            SearchedFrame(
                pts_seconds=round(moment, 6),
                candidates=(
                    *(c for one in tracks if one.label == noun for c in _seen(one, moment)),
                    *(_candidate(fixed(x, y)(moment), score, None) for x, y, score in others(moment)),
                ),
            )
            for moment in moments
        ),
    )


def _seen(one: Track, moment: float) -> list[Candidate]:
    points = [point for point in one.path if abs(point.pts_seconds - moment) < 1e-6]
    return [_candidate((p.x0, p.y0, p.x1, p.y1), 0.9, one.track_id) for p in points]


def _candidate(box: Box, score: float, track_id: str | None) -> Candidate:
    x0, y0, x1, y1 = box
    return Candidate(x0=x0, y0=y0, x1=x1, y1=y1, score=score, track_id=track_id)


def scene(
    *tracks: Track,
    seconds: float = 10.0,
    tracked: Sequence[tuple[float, float]] | None = None,
    links: Sequence[Link] = (),
    cuts: Sequence[Cut] = (),
    fades: Sequence[Fade] = (),
    places: Sequence[PlaceDistance] = (),
    strongest_non_cut: float = 0.1,
    outside: float = 0.0,
    events: Sequence[Event] = (),
    measures: Sequence[Measure] | None = None,
    searched: Sequence[Search] | None = None,
) -> Scene:
    """A clip from 0 to `seconds`, by default tracked all along, that shows no colours but those of its tracks. Every
    noun that its tracks have was searched for, by default with no candidates but the tracks; and frames were read.
    """
    nouns = dict.fromkeys(track.label for track in tracks if track.label not in (OBJECT, WRITING))
    shown = [track.colour.name.value for track in tracks if track.colour]
    return Scene(
        start_seconds=0.0,
        end_seconds=seconds,
        tracked=tuple(span(start, end) for start, end in (((0.0, seconds),) if tracked is None else tracked)),
        tracks=tracks,
        links=tuple(links),
        cuts=tuple(cuts),
        fades=tuple(fades),
        places=tuple(places),
        strongest_non_cut=strongest_non_cut,
        hues=hues(shown, outside=outside),
        events=tuple(sorted(events, key=lambda e: e.pts_seconds)),
        measures=tuple(measures) if measures is not None else tuple(measure(float(s)) for s in range(int(seconds))),
        searched=(*(search_of(noun, tracks, seconds=seconds) for noun in nouns), nothing_written(seconds))
        if searched is None
        else tuple(searched),
    )


def nothing_written(seconds: float = 10.0) -> Search:
    """Twenty frames were read, and nothing was written in them."""
    frames = tuple(SearchedFrame(pts_seconds=(i + 0.5) * seconds / 20, candidates=()) for i in range(20))
    return Search(noun=WRITING, source="reading", sure=0.8, maybe=0.3, frames=frames)


def search(
    noun: str,
    candidates: Mapping[str | None, Callable[[float], float]] | None = None,
    *,
    seconds: float = 10.0,
    step: float = 0.25,
    sure: float = 0.6,
    maybe: float = 0.2,
    source: str = "scripted",
) -> Search:
    """A search of a frame every `step` seconds; `candidates` gives for a track (or None) its score at a moment."""
    frames = []
    for number in range(int(seconds / step)):
        moment = number * step
        scores = ((name, score(moment)) for name, score in (candidates or {}).items())
        found = tuple(
            Candidate(x0=0.4, y0=0.4, x1=0.6, y1=0.6, score=score, track_id=name)
            for name, score in scores
            if score >= maybe
        )
        frames.append(SearchedFrame(pts_seconds=moment, candidates=found))
    return Search(noun=noun, source=source, sure=sure, maybe=maybe, frames=tuple(frames))


def deed(name: str, phrase: str, start: float, end: float) -> Event:
    """A named event."""
    return Event(
        event_id=name,
        kind=EventKind.NAMED,
        track_ids=(),
        phrase=phrase,
        pts_seconds=start,
        start_seconds=start,
        end_seconds=end,
        margin=1.0,
    )


def called(thing: Track) -> str:
    """The phrase for a thing that is the only one of its colour, or of its kind."""
    if thing.label != OBJECT:
        return f"the {thing.label}"
    return f"the {thing.colour.name if thing.colour else 'odd'} object"


def claim(
    predicate: str,
    subject: Track | None = None,
    other: Track | None = None,
    *,
    value: str | None = None,
    during: Sequence[tuple[float, float]] = (),
) -> Claim:
    """A claim that names its things by their colours, about the given intervals."""
    subjects, others = ([thing] if thing else [] for thing in (subject, other))
    return Claim(
        predicate=Predicate(predicate),
        subject_tracks=tuple(thing.track_id for thing in subjects),
        subject_phrases=tuple(called(thing) for thing in subjects),
        object_tracks=tuple(thing.track_id for thing in others),
        object_phrases=tuple(called(thing) for thing in others),
        intervals=tuple(span(start, end) for start, end in during),
        value=value,
    )
