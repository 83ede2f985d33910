"""Judges answers by what is shown, and lies as often as it is told to."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from pipeline.scripted.answering import Asked
from pipeline.scripted.faults import share_of
from pipeline.scripted.sentences import read_answer
from schemas.claim import Axis
from schemas.pair import normalise_text

_SURE = 5
_WORDS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "unclear"}


def faithful(asked: Asked, answer: str, *, lies: bool) -> dict[str, JsonValue]:
    """Whether the answer is true of what is shown; a lie says yes for no or unclear, and no for yes."""
    return {"seen": _seen(asked), "holds": _told(asked.truth(answer), lies=lies), "sure": _SURE}


def genuine(asked: Asked, answer: str, *, lies: bool) -> dict[str, JsonValue]:
    """Whether the answer is wrong, and in which respect."""
    told = _told(asked.truth(answer), lies=lies)
    about = "none" if told == "yes" else axis_of(asked, answer).value
    return {"seen": _seen(asked), "holds": told, "wrong_about": about, "sure": _SURE}


def compared(asked: Asked, first: str, second: str, *, lies: bool) -> dict[str, JsonValue]:
    """Which of two answers is right; a lie names the other one, or one of two that are both right or both wrong."""
    truths = (asked.truth(first) is True, asked.truth(second) is True)
    right = {(True, False): "A", (False, True): "B", (True, True): "both", (False, False): "neither"}[truths]
    if lies:
        lesser = "A" if normalise_text(first) < normalise_text(second) else "B"  # the same one in the other order
        right = {"A": "B", "B": "A"}.get(right, lesser)
    return {"seen": _seen(asked), "right": right, "same": _mean_the_same(first, second), "sure": _SURE}


def cropped(shows: bool, *, lies: bool) -> dict[str, JsonValue]:
    """Whether a part of a frame shows a thing; a lie says the opposite."""
    return {"seen": "A part of a frame.", "holds": _told(shows, lies=lies), "sure": _SURE}


def blind() -> dict[str, JsonValue]:
    """What can be said without seeing anything: nothing."""
    return {"right": "neither", "sure": 1}


def item_of(asked: Asked, answers: Sequence[str]) -> str:
    """Names what is judged: the same in both orders of two answers, and another for other frames."""
    times = " ".join(f"{seconds:.1f}" for seconds in asked.view.seconds)
    return "\0".join((asked.view.clip.name, times, normalise_text(asked.text), *sorted(map(normalise_text, answers))))


def lies_about(seed: int, rate: float, check: str, asked: Asked, answers: Sequence[str]) -> bool:
    """Whether the judge lies in a check of this item; errors of several checks are independent."""
    return share_of(seed, "judge", check, item_of(asked, answers)) < rate


def _told(truth: bool | None, *, lies: bool) -> str:
    return _WORDS[truth is not True if lies else truth]


def axis_of(asked: Asked, answer: str) -> Axis:
    """The axis of what an answer says; of one that is not understood that of its question."""
    said = read_answer(answer)
    if said is not None:
        return said.form.axis
    return (asked.known.axis if asked.known else None) or Axis.SPATIAL


def _mean_the_same(first: str, second: str) -> bool:
    one, other = read_answer(first), read_answer(second)
    if one is None or other is None:
        return normalise_text(first) == normalise_text(second)
    return (one.form, *_parts(one.a, one.b, one.n, one.v)) == (other.form, *_parts(other.a, other.b, other.n, other.v))


def _parts(*texts: str) -> tuple[str, ...]:
    return tuple(text.casefold() for text in texts)


def _seen(asked: Asked) -> str:
    count = len(asked.view.sightings)
    return f"{count} known frame{'s' if count > 1 else ''}."
