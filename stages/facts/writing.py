"""Questions about written words: which of them is written, and in which part of the clip."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import WRITING, Track
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.scene_view import SceneView
from stages.claims.spelling import as_written, words
from stages.claims.writing import word_phrase
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.location import ACROSS, UPRIGHT
from stages.facts.parts_of_clip import parts_of_clip
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch, halves, shots, spans, whole_clip

_READS = Column("reads", Predicate.READS)
_ROWS = 3
_FROM_OTHER_VIDEOS = 3  # false answers that finalise adds


@dataclass(frozen=True)
class WrittenWord(Entity):
    """A word of the clip, as a text names it."""

    lines: tuple[Track, ...] = ()
    """The lines that have the word."""
    written: str = ""
    """The word in the case in which it is written; `name` is in small letters."""

    def phrase(self, noun: str) -> str:
        """How a text names it; `noun` is not used."""
        del noun
        return word_phrase(self.written)

    @property
    def nouns(self) -> tuple[str, ...]:
        """No noun stands for a word."""
        return ("",)

    @property
    def in_video(self) -> bool:
        """It is."""
        return True

    @property
    def visible(self) -> tuple[tuple[float, float], ...]:
        """When its lines are in view, (start, end) in seconds, line after line."""
        return tuple((s.start_seconds, s.end_seconds) for line in self.lines for s in line.visible)

    @property
    def track_ids(self) -> tuple[str, ...]:
        """The tracks of its lines."""
        return tuple(line.track_id for line in self.lines)


def writing(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for reads, and for in_region about words."""
    found = view.shuffled(written_words(view.seen))
    slots: list[Slot] = []
    for word in found:
        others = tuple(other for other in found if other is not word)
        slots += [*_which(view, word, others), *_when(view, word)]
    return (*slots, *_where(view))


def written_words(view: SceneView) -> Iterator[WrittenWord]:
    """The words that are certainly written at some time of the clip, in order of the alphabet."""
    lines = [track for track in view.scene.tracks if track.label == WRITING and track.text is not None]
    for word in sorted(frozenset().union(*(words(line.text or "") for line in lines))):
        claim = Claim(predicate=Predicate.READS, value=word, intervals=(view.whole_clip,))
        if check(claim, view).truth is TruthValue.TRUE:
            own = tuple(line for line in lines if word in words(line.text or ""))
            yield WrittenWord(None, word, label=WRITING, lines=own, written=as_written(word, _texts(word, own, view)))


def _texts(word: str, lines: Iterable[Track], view: SceneView) -> Iterator[str]:
    """All that was read, or annotated, where the word is written."""
    yield from (line.text or "" for line in lines)
    for read in (line for line in view.lines if word in line.words):
        yield from (reading.text for reading in (*read.readings, *read.enlarged))


def _which(view: AskableScene, word: WrittenWord, others: tuple[WrittenWord, ...]) -> Iterator[Slot]:
    """Which word is written in a stretch, or at all: one that is, and others that are not, there or anywhere."""
    plain = Slot(
        key="",
        wording="writing.which",
        feature="written",
        form="entities",
        columns=(_READS,),
        width=1,
        row=word,
        height=_ROWS,
    )
    whole = replace(_READS, stretches=(whole_clip(view.scene),))
    yield replace(
        plain,
        key=f"written.{word.name}",
        wording="writing.which_at_all",
        columns=(whole,),
        events=tuple(Interval(start_seconds=start, end_seconds=end) for start, end in word.visible),
        open_words=_FROM_OTHER_VIDEOS,
    )
    shown = (stretch for stretch in (*spans(view.scene), *shots(view.scene)) if _is_shown(word, stretch))
    for stretch in view.some(shown):
        yield replace(plain, key=f"written.{word.name}.{stretch.key}", stretches=(stretch,), others=others)


def _when(view: AskableScene, word: WrittenWord) -> Iterator[Slot]:
    """In which part of the clip a word is written, where it is in one alone."""
    events = tuple(Interval(start_seconds=start, end_seconds=end) for start, end in word.visible)
    about = f"written_when.{word.name}"
    yield from parts_of_clip(view, word, Predicate.READS, events, about=about, wording="writing.when")


def _where(view: AskableScene) -> Iterator[Slot]:
    """In which third of the picture a word is that is a line of its own and stands still."""
    for track in view.scene.tracks:
        thing = view.seen.thing(track.track_id)
        if thing is None or thing.moves or track.label != WRITING or track.phrase is None:
            continue
        word = Entity(thing, track.phrase.removeprefix("the "), WRITING)
        parts = (*halves(view.scene), *spans(view.scene), *shots(view.scene), whole_clip(view.scene))
        stretches = [stretch for stretch in parts if _is_shown(word, stretch)]
        for name, columns in (("across", ACROSS), ("upright", UPRIGHT)):
            for stretch in view.shuffled(stretches)[:1]:
                yield Slot(
                    key=f"{name}.{word.name}.{stretch.key}",
                    wording=f"location.{name}_values",
                    feature=name,
                    columns=columns,
                    width=len(columns),
                    row=word,
                    stretches=(stretch,),
                )


def _is_shown(word: Entity, stretch: Stretch) -> bool:
    """Whether it is in view during all of the stretch."""
    start, end = stretch.interval.start_seconds, stretch.interval.end_seconds
    return any(first <= start and end <= last for first, last in word.visible)
