"""JSON text, entry by entry, so that the line of each is known."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Any, NoReturn

_SPACE = re.compile(r"[ \t\r\n]*")


class JsonDocument:
    """One JSON text. What it reads is decoded once, although it is looked for by place."""

    def __init__(self, text: str, problem: Callable[[int, str], Exception], first_line: int = 1) -> None:
        """`problem` makes the exception that is raised of a line and what is wrong there."""
        self._text, self._problem, self._first_line = text, problem, first_line
        self._decode = json.JSONDecoder(parse_constant=self._no_constant).raw_decode
        self._last: tuple[int, tuple[Any, int]] = (-1, (None, 0))

    @cached_property
    def is_one(self) -> bool:
        """Whether the text is one value, and not one for each line."""
        start = self._after_space(0)
        if self._text[start : start + 1] not in ("{", "["):
            return True
        _, end = self._value(start)
        return self._after_space(end) == len(self._text)

    def whole(self) -> Any:
        """The one value of the text."""
        value, end = self._value(self._after_space(0))
        if (rest := self._after_space(end)) < len(self._text):
            raise self._problem(self._line(rest), "is not JSON: something follows the value")
        return value

    def has(self, key: str) -> bool:
        """Whether it is an object with this key."""
        start = self._after_space(0)
        return self.is_one and self._text.startswith("{", start) and any(k == key for k, _ in self._places(start))

    def entries(self, path: tuple[str, ...]) -> Iterator[tuple[int, str, Any]]:
        """Line, key and value of each entry of the list or object below the path of keys; in a list keys are empty."""
        self.whole()
        start = self._after_space(0)
        for key in path:
            start = self._below(start, key)
        for key, place in self._places(start):
            yield self._line(place), key, self._value(place)[0]

    def _below(self, start: int, key: str) -> int:
        if self._text.startswith("{", start):
            for name, place in self._places(start):
                if name == key:
                    return place
        raise self._problem(self._line(start), f"expected is an object with the key {key!r}")

    def _places(self, start: int) -> Iterator[tuple[str, int]]:
        """The key of each entry of the list or object that starts here, and where its value starts.

        The text is JSON: it has been decoded as a whole before.
        """
        closing = {"{": "}", "[": "]"}.get(self._text[start : start + 1])
        if closing is None:
            raise self._problem(self._line(start), "expected is a list or an object")
        place = self._after_space(start + 1)
        while not self._text.startswith(closing, place):
            key = ""
            if closing == "}":
                key, end = self._value(place)
                place = self._after_space(self._after_space(end) + len(":"))
            yield key, place
            end = self._after_space(self._value(place)[1])
            place = self._after_space(end + self._text.startswith(",", end))

    def _value(self, place: int) -> tuple[Any, int]:
        """The value that starts here, and where it ends."""
        if self._last[0] != place:
            self._last = place, self._decoded(place)
        return self._last[1]

    def _decoded(self, place: int) -> tuple[Any, int]:
        try:
            return self._decode(self._text, place)
        except json.JSONDecodeError as error:
            raise self._problem(self._line(error.pos), f"is not JSON: {error.msg}") from error
        except RecursionError as error:
            raise self._problem(self._line(place), "is nested too deeply") from error
        except _ConstantError as error:
            raise self._problem(self._line(place), f"holds {error}, which is not a number of JSON") from error

    @staticmethod
    def _no_constant(name: str) -> NoReturn:
        raise _ConstantError(name)

    def _after_space(self, place: int) -> int:
        found = _SPACE.match(self._text, place)
        return found.end() if found else place

    def _line(self, place: int) -> int:
        return self._first_line - 1 + bisect_right(self._starts, place)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line starts."""
        lengths = (len(line) + 1 for line in self._text.split("\n"))
        return list(accumulate(lengths, initial=0))[:-1]


class _ConstantError(ValueError):
    """NaN or an infinity."""
