"""Predicates about what is written, from the lines that were read."""

from collections.abc import Iterable, Iterator

from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, WRITING, Scene, Track
from schemas.search import Reading
from stages.claims.checked import UNKNOWN, Checked, MarginKind, false_by, true_by
from stages.claims.lines import LEAST_FRAMES, search_for_writing
from stages.claims.scene_view import Case
from stages.claims.spelling import distance_within, letters, words

SURE_SCORE, MAYBE_SCORE = 0.8, 0.3
"""From the upper score on something is written; below the lower one nothing is."""
_LEAST_SECONDS = 0.5  # that an annotated line is in view, if it is read then; its times may be wrong by less
_LEAST_READ = 16  # frames, or nothing is known to be absent
_LEAST_DISTANCE = 3  # letters, or half of the word's
_MOST_UNREAD = 2  # longer lines that could not be read well
_UNREAD_LETTERS = 3
_LARGE = 0.3  # of the frame's height: so large a "line" is a whole thing


def reads(case: Case) -> Checked:
    """The word is written in a certain line that at least three frames of I show, or in an annotated one.

    False if nothing that was read in I is like it; in the whole clip, if the claim says that the clip does not contain
    it. Unknown if few frames were read, or if some writing could not be read.
    """
    word, view = case.value, case.view
    lines = (line for line in view.lines if word in line.words)
    shown = [line.score for line in lines if _frames_in(case.interval, line.clear) >= LEAST_FRAMES]
    shown += [line.score for line in _annotated(view.scene, case.interval) if word in words(line.text or "")]
    if shown:
        return true_by(max(shown), MarginKind.SPELLING)
    distance = _distance(word, view.scene, case.interval if case.claim.in_video else view.whole_clip)
    if distance is None:
        return UNKNOWN
    return false_by(distance - max(_LEAST_DISTANCE, len(word) / 2) + 1, MarginKind.SPELLING)


def _frames_in(interval: Interval, readings: Iterable[Reading]) -> int:
    return sum(interval.contains(reading.pts_seconds) for reading in readings)


def _annotated(scene: Scene, interval: Interval, *, least_seconds: float = _LEAST_SECONDS) -> Iterator[Track]:
    """The annotated lines that are in view in an interval for at least that long."""
    for track in scene.tracks:
        if track.label == WRITING and track.source == ANNOTATIONS:
            seconds = max((interval.overlap_seconds(stretch) for stretch in track.visible), default=0.0)
            if seconds >= least_seconds:
                yield track


def _distance(word: str, scene: Scene, interval: Interval) -> int | None:
    """The least distance of the word from anything that was read in an interval, and in the frames right before and
    after it; None if that is not known.
    """
    search = search_for_writing(scene)
    if search is None or len(search.frames) < _LEAST_READ:
        return None
    moments = [frame.pts_seconds for frame in search.frames]
    inside = {moment for moment in moments if interval.contains(moment)}
    before = [moment for moment in moments if moment < interval.start_seconds]
    after = [moment for moment in moments if moment >= interval.end_seconds]
    around = {*inside, *before[-1:], *after[:1]}
    readings = [reading for reading in scene.readings if reading.pts_seconds in around]
    unread = sum(
        reading.score < SURE_SCORE and len(letters(reading.text)) >= _UNREAD_LETTERS and reading.scale == 1
        for reading in readings
    )
    annotated = [line.text for line in _annotated(scene, interval, least_seconds=-_LEAST_SECONDS)]
    if len(inside) < LEAST_FRAMES or unread > _MOST_UNREAD or None in annotated:
        return None
    texts = {_joined(readings, moment, scale) for moment in around for scale in {r.scale for r in readings}}
    texts |= {letters(text) for text in annotated if text}
    return min((distance_within(word, text) for text in texts), default=len(word))


def _joined(readings: Iterable[Reading], moment: float, scale: float) -> str:
    """All that was read in one frame."""
    return "".join(letters(r.text) for r in readings if r.pts_seconds == moment and r.scale == scale)


def word_phrase(word: str) -> str:
    """How texts name a line that is one word, given as it is written."""
    return f'the word "{word}"'


def may_be_writing(reading: Reading) -> bool:
    """Whether a reading may be writing: two characters or more. An unsure one of a box as large as a thing is not."""
    small_or_sure = reading.y1 - reading.y0 < _LARGE or reading.score >= SURE_SCORE
    return len(letters(reading.text)) >= 2 and small_or_sure


def may_be_mirrored(scene: Scene) -> bool:
    """Whether enough frames were read and nothing in them may be writing, which would look wrong in a mirror."""
    search = search_for_writing(scene)
    enough = search is not None and len(search.frames) >= _LEAST_READ
    known = any(track.label == WRITING for track in scene.tracks)
    return enough and not known and not any(may_be_writing(reading) for reading in scene.readings)
