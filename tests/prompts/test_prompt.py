"""Prompts are strict: nothing is left unfilled, nothing is given in vain, and every reply has a strict schema."""

import pytest

from prompts.prompt import parsed, prompt, prompt_names

SCHEMA = '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}'
FIRST = "{# version 3: says something #}\n"


def test_a_prompt_is_filled() -> None:
    """Every placeholder is filled, and the first line with the version is not sent."""
    made = parsed("say", FIRST + "Say {{ what }} to {{ who }}.\n", SCHEMA)
    assert made.version == 3
    assert made.fill(what="hello", who="Ann") == "Say hello to Ann."


@pytest.mark.parametrize("values", [{}, {"what": "x", "who": "y"}, {"whom": "x"}])
def test_a_wrong_placeholder_is_an_error(values: dict[str, str]) -> None:
    """A missing value and an unused one are named."""
    with pytest.raises(ValueError, match=r"prompt say: missing .* unused"):
        parsed("say", FIRST + "Say {{ what }}.", SCHEMA).fill(**values)


def test_a_missing_field_of_a_value_is_an_error() -> None:
    """A value without the field that the text asks for is not filled with nothing."""
    with pytest.raises(ValueError, match=r"prompt say: .*tests"):
        parsed("say", FIRST + "Test {{ topic.tests }}.", SCHEMA).fill(topic={})


@pytest.mark.parametrize(
    ("text", "schema", "problem"),
    [
        ("Say it.", SCHEMA, "first line"),
        (FIRST + "Say {{ it", SCHEMA, "prompt say"),
        (FIRST + "Say it.", "{", "prompt say"),
        (FIRST + "Say it.", SCHEMA.replace('["a"]', "[]"), "must require all"),
        (FIRST + "Say it.", SCHEMA.replace("false", "true"), "additionalProperties"),
    ],
)
def test_a_faulty_file_is_one_clear_line(text: str, schema: str, problem: str) -> None:
    """What is wrong with a prompt or its schema is said with the prompt's name."""
    with pytest.raises(ValueError, match=problem) as raised:
        parsed("say", text, schema)
    assert "\n" not in str(raised.value)


def test_every_prompt_that_is_shipped_can_be_read() -> None:
    """All files fit the rules, and no two have one hash."""
    digests = {prompt(name).digest for name in prompt_names()}
    assert len(digests) == len(prompt_names()) >= 13


def test_the_hash_tells_a_changed_prompt() -> None:
    """Text, version and schema are part of it."""
    made = parsed("say", FIRST + "Say it.", SCHEMA)
    others = [
        parsed("say", FIRST + "Tell it.", SCHEMA),
        parsed("say", FIRST.replace("3", "4") + "Say it.", SCHEMA),
        parsed("say", FIRST + "Say it.", SCHEMA.replace('"a"', '"b"')),
    ]
    assert made.digest not in {other.digest for other in others}
