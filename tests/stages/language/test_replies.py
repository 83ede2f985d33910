"""The records of replies say what the JSON schemas beside the prompts say."""

from typing import Any

import pytest

from prompts.prompt import prompt
from schemas.record import Record
from stages.judging.replies import BlindReply, CompareReply, FaithfulReply, GenuineReply
from stages.language.replies import AnswerReply, ClaimsReply, IrrelevantReply, RewriteReply, TwinsReply, WriterReply
from stages.retrospection.replies import ContextReply, ReasonReply

KINDS: dict[str, type[Record]] = {
    "writer": WriterReply,
    "twins": TwinsReply,
    "target": AnswerReply,
    "corrupter": AnswerReply,
    "relevant": AnswerReply,
    "irrelevant": IrrelevantReply,
    "rewrite": RewriteReply,
    "claims": ClaimsReply,
    "judge_faithful": FaithfulReply,
    "judge_genuine": GenuineReply,
    "judge_compare": CompareReply,
    "blind": BlindReply,
    "context": ContextReply,
    "judge_reason": ReasonReply,
}


def _filled(schema: Any) -> Any:
    """A value that a schema allows: the last of an enum, one entry of a list."""
    if "enum" in schema:
        return schema["enum"][-1]
    if schema["type"] == "object":
        return {name: _filled(inner) for name, inner in schema["properties"].items()}
    if schema["type"] == "array":
        return [_filled(schema["items"])]
    return {"string": "x", "number": 1.5, "integer": 3, "boolean": True}[schema["type"]]


@pytest.mark.parametrize("name", KINDS)
def test_a_reply_that_fits_the_schema_is_read(name: str) -> None:
    """What the schema allows the record reads, and writes again with the same fields."""
    value = _filled(prompt(name).reply_schema)
    assert KINDS[name].model_validate(value).model_dump(mode="json", by_alias=True) == value
