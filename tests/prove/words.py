"""Words by a scripted reader, perfect or noisy, laid over what motion shows of a rendered clip."""

from collections.abc import Iterator

from numpy.random import Generator

from pipeline.demo.truth.visible import point_at, stretches_in_view
from pipeline.demo.truth.writing import WordInView, words_in_view
from pipeline.demo.world.world import World
from schemas.box import PathPoint
from schemas.clip import UnitClip
from schemas.search import Reading
from stages.claims.lines import SOURCE
from stages.reading.frames import ENLARGED
from stages.reading.tracks import with_readings, with_writing
from stages.seeding import rng_for
from tests.stages.linking.scripted import PERFECT, Noise

_SHORT_SIDE = 448  # pixels that the shorter side of a read frame has at most
_AROUND = 1.3  # height of a line as it is read, over that of its letters
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def with_words(clip: UnitClip, world: World, noise: Noise = PERFECT) -> UnitClip:
    """The clip with what a scripted reader reads in its sampled frames, laid over its scene."""
    has_words = world.captions or any(thing.writing for thing in world.things)
    lines = words_in_view(stretches_in_view(world), world) if has_words else ()
    moments = list(dict.fromkeys(frame.pts_seconds for frame in clip.frames))
    readings = [reading for at in moments for line in lines for reading in _read(line, at, world, noise)]
    plain = clip.scene.model_copy(
        update={"searched": tuple(search for search in clip.scene.searched if search.source != SOURCE), "readings": ()}
    )
    return clip.model_copy(update={"scene": with_writing(with_readings(plain, moments, readings), clip.frames)})


def _read(line: WordInView, moment: float, world: World, noise: Noise) -> Iterator[Reading]:
    index, rng = round(moment * world.fps), rng_for(world.seed, "words", f"{world.name} {line.name} {moment:.3f}")
    missed, misread, score = rng.random() < noise.missed, rng.random() < noise.false, float(rng.uniform(0.955, 0.999))
    if index in line.in_part and not missed:
        nearest = min(range(len(line.indices)), key=lambda place: abs(line.indices[place] - index))
        place = point_at(index, line.boxes[nearest], world)
        yield _reading(line.text[: len(line.text) // 2], moment, place, world, 0.7, 1.0)
    if index in line.indices and not missed:
        place = point_at(index, line.boxes[line.indices.index(index)], world)
        text = _misread(line.text, rng) if misread else line.text
        yield _reading(text, moment, place, world, score, 1.0)
        yield _reading(line.text, moment, place, world, score, ENLARGED)


def _misread(text: str, rng: Generator) -> str:
    """The word with one letter read as another."""
    place = int(rng.integers(len(text)))
    return text[:place] + _LETTERS[rng.integers(len(_LETTERS))] + text[place + 1 :]


def _reading(text: str, moment: float, place: PathPoint, world: World, score: float, scale: float) -> Reading:
    shrunk = min(1.0, _SHORT_SIDE / min(world.width, world.height))
    return Reading(
        pts_seconds=moment,
        text=text,
        score=score,
        scale=scale,
        height_pixels=(place.y1 - place.y0) * world.height * shrunk * _AROUND,
        x0=place.x0,
        y0=place.y0,
        x1=place.x1,
        y1=place.y1,
    )
