"""The JSON in a model's reply, whatever the model wrote around it."""

import json
import re
from collections.abc import Iterator, Mapping

from jsonschema import Draft202012Validator

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
"""What a reasoning model writes before its reply, if the server leaves it in."""


def reply_json(text: str, schema: Mapping[str, object]) -> str:
    """The JSON object or array of the text that fits the schema, written without spaces.

    ValueError, with what is wrong in words that a model understands, if there is none, or if there are several.
    """
    problem = "the reply holds no JSON"
    fitting: list[str] = []
    validator = Draft202012Validator(schema)
    for value in _values(_THOUGHT.sub("", text)):
        error = next(iter(validator.iter_errors(value)), None)
        if error is None:
            fitting.append(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        else:
            where = "".join(f"[{part!r}]" for part in error.absolute_path)
            problem = f"{where or 'the reply'}: {error.message}"
    if len(set(fitting)) == 1:
        return fitting[0]
    raise ValueError(f"the reply holds {len(set(fitting))} different answers" if fitting else problem)


def _values(text: str) -> Iterator[object]:
    """The outermost JSON objects and arrays, in order; a NaN or an Infinity is no JSON."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    place = 0
    while (start := _opening(text, place)) is not None:
        try:
            value, place = decoder.raw_decode(text, start)
        except ValueError:
            place = start + 1
        except RecursionError:  # nobody's reply; what comes after its first bracket is as deep
            return
        else:
            yield value


def _opening(text: str, place: int) -> int | None:
    found = re.compile(r"[{\[]").search(text, place)
    return found.start() if found else None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
