"""The JSON in what models reply."""

import pytest

from stages.models.reply_json import reply_json

SCHEMA = {
    "type": "object",
    "properties": {"holds": {"enum": ["yes", "no"]}, "sure": {"type": "integer"}},
    "required": ["holds", "sure"],
    "additionalProperties": False,
}
REPLY = '{"holds":"yes","sure":4}'


@pytest.mark.parametrize(
    "text",
    [
        REPLY,
        '  {"holds": "yes",\n "sure": 4}\n',
        f"Certainly!\n```json\n{REPLY}\n```\nLet me know.",
        f'<think>Is it {{no}}, or [1]? {{"holds": "no", "sure": 1}}</think>{REPLY}',
        f"It holds. {REPLY} Again: {REPLY}",
        f"{{broken {REPLY}",
    ],
)
def test_json_is_found_in_whatever_is_around_it(text: str) -> None:
    """Prose, fences, thoughts and broken JSON do not hide the reply, which comes back without spaces."""
    assert reply_json(text, SCHEMA) == REPLY


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no JSON"),
        ("It holds.", "no JSON"),
        (REPLY[:-6], "no JSON"),
        ('{"holds": "perhaps", "sure": 4}', "'perhaps' is not one of"),
        ('{"holds": "yes"}', "'sure' is a required property"),
        ('{"holds": "yes", "sure": 4, "why": ""}', "'why' was unexpected"),
        ('{"holds": "yes", "sure": NaN}', "no JSON"),
        (f'{REPLY} or rather {{"holds": "no", "sure": 4}}', "2 different answers"),
        ("[" * 100_000, "no JSON"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, problem: str) -> None:
    """The reason is in words that can be given back to the model; an ambiguous reply is none."""
    with pytest.raises(ValueError, match=problem):
        reply_json(text, SCHEMA)
