"""Plays the roles of a round of self-sampling: samples, notes and preferences whose truth and bias are known."""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from pipeline.scripted.answering import Asked, answer
from pipeline.scripted.faults import share_of
from pipeline.scripted.judging import axis_of, item_of
from pipeline.scripted.settings import Habits
from pipeline.scripted.view import View
from schemas.pair import normalise_text

_MORE = ["as", "anybody", "can", "tell", "who", "looks", "at", "all", "of", "this", "video", "with", "some", "care"]
"""Words that a wordy sample adds: they say nothing."""
_ADDED = re.compile(rf", {_MORE[0]}[^.]*")
_FORMS = "The answer is one of these sentences:\n"
_NOTE = re.compile(r"^- (?:(\d+\.\d) to (\d+\.\d) s: )?(.+)$", re.MULTILINE)
Reply = dict[str, JsonValue]


def sample(asked: Asked, prompt: str, draw: str, habits: Habits, seed: int) -> str:
    """One sample: true as often as the habits say, and with more words as often as they say.

    Args:
        asked: the question.
        prompt: the whole prompt; the forms that it names, if any, are all that is answered.
        draw: names the draw; another one gives another sample.
        habits: how the policy behaves.
        seed: of all that is drawn.
    """
    item = item_of(asked, [draw])
    right = share_of(seed, "sample is right", item) < habits.right
    forms = prompt.partition(_FORMS)[2].splitlines()
    if forms:
        in_turn = sorted(forms, key=lambda form: share_of(seed, "form", item, form))
        return min(in_turn, key=lambda form: asked.truth(form) is not right)
    text = answer(asked, seed + int(1e6 * share_of(seed, "wording", item)), errs=not right)
    if share_of(seed, "sample is wordy", item) >= habits.wordy:
        return text
    words = 1 + int(share_of(seed, "words", item) * len(_MORE))
    return f"{text.rstrip('.')}, {' '.join(_MORE[:words])}."


def plain(text: str) -> str:
    """A sample without the words that say nothing."""
    return _ADDED.sub("", text)


def preferred(asked: Asked, first: str, second: str, habits: Habits, seed: int) -> str:
    """The letter of the better answer: the one that is true, unless position or length decides.

    Which of the three decides is fixed for two answers, whatever their order.
    """
    drawn = share_of(seed, "preference", item_of(asked, [first, second]))
    if drawn < habits.position_bias:
        return "A"
    lengths = [len(normalise_text(text).split()) for text in (first, second)]
    if drawn < habits.position_bias + habits.length_bias and lengths[0] != lengths[1]:
        return "A" if lengths[0] > lengths[1] else "B"
    truths = [asked.truth(plain(text)) is True for text in (first, second)]
    return "C" if truths[0] is truths[1] else "A" if truths[0] else "B"


def reason(asked: Asked, worse: str) -> Reply:
    """What is wrong about an answer: all of it, on the axis of what it says."""
    text = plain(worse)
    return {"seen": "Known frames.", "clause": text.rstrip("."), "axis": axis_of(asked, text).value}


def notes(view: View, prompt: str, habits: Habits) -> Reply:
    """Notes on what is shown: things that are not there, all that is known of it, and what earlier notes say."""
    found = [*_planted_notes(view, habits.planted), *_true_notes(view), *_earlier_notes(prompt)]
    by_text = {text: (start, end) for start, end, text in reversed(found)}
    return {"notes": [{"from": by_text[text][0], "to": by_text[text][1], "text": text} for text in reversed(by_text)]}


_Note = tuple[float, float, str]


def _true_notes(view: View) -> Iterator[_Note]:
    start, end = view.clock_seconds, view.clock_seconds + view.lasts_seconds
    for thing in view.clip.things:
        for span in thing.visible:
            if span.end_seconds > start and span.start_seconds < end:
                yield _note(view, span.start_seconds, span.end_seconds, f"{thing.phrase} is in view")
    for event in view.clip.events:
        yield _note(view, event.start_seconds, event.end_seconds, event.phrase.rstrip("."))


def _note(view: View, start: float, end: float, text: str) -> _Note:
    clock = view.clock_seconds
    return round(start - clock, 1), round(end - clock, 1), f"{text[:1].upper()}{text[1:]}."


def _planted_notes(view: View, things: Sequence[str]) -> Iterator[_Note]:
    for thing in things:
        yield 0.0, round(view.lasts_seconds, 1), f"A {thing} stands beside the others."


def _earlier_notes(prompt: str) -> Iterator[_Note]:
    for start, end, text in _NOTE.findall(prompt.partition("Write notes on this video")[0]):
        yield float(start or 0), float(end or 0), text
