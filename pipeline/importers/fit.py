"""What a source says of one video becomes its annotations; what cannot be used is left out, with the reason."""

import math
from collections.abc import Collection
from dataclasses import dataclass, field

from pipeline.importers.boxes import placed, stretches
from pipeline.importers.item import (
    Found,
    FoundBox,
    FoundCaption,
    FoundEvent,
    FoundQuestion,
    FrameNumber,
    Moment,
    NamedVideo,
)
from pipeline.importers.left_out import ImportReason, Unfit
from pipeline.importers.look import Looked
from schemas.annotations import AnnotatedBox, AnnotatedEvent, AnnotatedObject, AnnotatedQuestion, Annotations


@dataclass
class Fitting:
    """Takes the items of one video one by one, and makes its annotations of those that fit."""

    video: NamedVideo
    looked: Looked | None
    """What the file shows; null if it is not at hand or nothing had to be known of it."""
    loose_seconds: float
    """Events are made longer by this at both ends."""
    certain: bool
    """Whether somebody vouches for what is said."""
    questions: dict[str, AnnotatedQuestion] = field(default_factory=dict)
    captions: dict[str, None] = field(default_factory=dict)
    events: dict[tuple[str, float, float], AnnotatedEvent] = field(default_factory=dict)
    boxes: dict[tuple[str, str], dict[float, AnnotatedBox]] = field(default_factory=dict)
    """By thing and noun, then by time."""

    def take(self, found: Found) -> bool:
        """Take one item, and say whether it is certain. Raises Unfit if it cannot be used."""
        if isinstance(found, FoundQuestion):
            self._take_question(found)
        elif isinstance(found, FoundCaption):
            self._take_caption(found)
        elif isinstance(found, FoundEvent):
            self._take_event(found)
        else:
            self._take_box(found)
        return self.certain and not (isinstance(found, FoundQuestion) and found.of_part)

    def annotations(self, complete: Collection[str]) -> Annotations | None:
        """What has been taken; null if that is nothing. Of the nouns of `complete` all things are boxed."""
        annotated = {seconds for boxes in self.boxes.values() for seconds in boxes}
        objects = tuple(
            AnnotatedObject(
                id=f"{noun} {number}",
                noun=noun,
                visible=stretches(boxes, annotated, self._last_seconds) if noun in complete else (),
                boxes=tuple(box for _, box in sorted(boxes.items())),
                certain=self.certain,
            )
            for number, ((_, noun), boxes) in enumerate(self.boxes.items(), start=1)
        )
        made = Annotations(
            captions=tuple(self.captions),
            objects=objects,
            events=tuple(self.events.values()),
            questions=tuple(self.questions.values()),
            absent=self.video.absent,
            complete=tuple(complete),
        )
        return None if made == Annotations() else made

    def _take_question(self, found: FoundQuestion) -> None:
        question = _text(found.question)
        if found.answer is None:
            raise Unfit(ImportReason.NO_ANSWER)
        answer = _text(found.answer)
        before = self.questions.get(question.casefold())
        if before is not None:
            same = before.answer.casefold() == answer.casefold()
            raise Unfit(ImportReason.DUPLICATE if same else ImportReason.OTHER_ANSWER, question)
        wrong = dict.fromkeys(text for given in found.wrong if (text := " ".join(given.split())))
        self.questions[question.casefold()] = AnnotatedQuestion(
            question=question,
            answer=answer,
            wrong=tuple(text for text in wrong if text.casefold() != answer.casefold()),
            question_type=found.question_type,
            certain=self.certain and not found.of_part,
        )

    def _take_caption(self, found: FoundCaption) -> None:
        text = _text(found.text)
        if text in self.captions:
            raise Unfit(ImportReason.DUPLICATE, text)
        self.captions[text] = None

    def _take_event(self, found: FoundEvent) -> None:
        phrase = _text(found.phrase)
        start, end = self._seconds(found.start), self._seconds(found.end)
        if start >= end:
            raise Unfit(ImportReason.ENDS_BEFORE_START, f"{start:g} s to {end:g} s")
        first, last = self._first_seconds, self._last_seconds
        if start >= last or end <= first:
            raise Unfit(ImportReason.AFTER_THE_END, f"{start:g} s of {last:g} s")
        key = phrase, start, end
        if key in self.events:
            raise Unfit(ImportReason.DUPLICATE, phrase)
        self.events[key] = AnnotatedEvent(
            phrase=phrase,
            start_seconds=max(start - self.loose_seconds, first),
            end_seconds=min(end + self.loose_seconds, last),
            certain=self.certain,
        )

    def _take_box(self, found: FoundBox) -> None:
        left, top, right, bottom = found.corners
        if right <= left or bottom <= top:
            raise Unfit(ImportReason.NO_AREA, f"{right - left:g} x {bottom - top:g} pixels")
        if found.moment is None:
            raise Unfit(ImportReason.NO_TIME)
        noun = " ".join((found.noun or "").lower().split())
        if not noun:
            raise Unfit(ImportReason.NO_NOUN)
        if "/" in noun:
            raise Unfit(ImportReason.SEVERAL_NOUNS, noun)
        seconds = self._seconds(found.moment)
        if not self._first_seconds <= seconds < self._last_seconds:
            raise Unfit(ImportReason.AFTER_THE_END, f"{seconds:g} s of {self._last_seconds:g} s")
        shown = (self.looked.width, self.looked.height) if self.looked is not None else None
        box = placed(found, seconds, shown)
        boxes = self.boxes.setdefault((found.thing, noun), {})
        if boxes.setdefault(seconds, box) is not box:
            raise Unfit(ImportReason.DUPLICATE, f"{noun} at {seconds:g} s")

    def _seconds(self, moment: Moment | None) -> float:
        if moment is None:
            raise Unfit(ImportReason.NO_TIME)
        if not isinstance(moment, FrameNumber):
            return moment
        if self.looked is not None:
            if not 0 <= moment.number < len(self.looked.times_F):
                raise Unfit(ImportReason.AFTER_THE_END, f"frame {moment.number} of {len(self.looked.times_F)}")
            return float(self.looked.times_F[moment.number])
        if not self.video.fps:
            raise Unfit(ImportReason.NO_FRAME_TIMES, f"frame {moment.number}")
        return moment.number / self.video.fps

    @property
    def _first_seconds(self) -> float:
        return float(self.looked.times_F[0]) if self.looked is not None else 0.0

    @property
    def _last_seconds(self) -> float:
        if self.looked is not None:
            return self.looked.end_seconds
        return self.video.duration_seconds or math.inf


def _text(given: str) -> str:
    """The text on one line. Raises Unfit if there is none."""
    text = " ".join(given.split())
    if not text:
        raise Unfit(ImportReason.EMPTY)
    return text
