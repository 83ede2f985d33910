"""Every prompt of a role can be shown with the example."""

import pytest

from prompts.example import filled_example
from prompts.prompt import prompt_names
from prompts.topics import topics

OF_THE_GATE = {"repair", "reply_form"}
"""What the gate adds to a reply or a prompt."""


@pytest.mark.parametrize("name", sorted(set(prompt_names()) - OF_THE_GATE))
def test_every_prompt_has_an_example(name: str) -> None:
    """Filled, with the clip's question in it, and no placeholder left."""
    text = filled_example(name)
    assert "{{" not in text
    assert len(text) > 200 or name == "target"


def test_each_topic_is_shown() -> None:
    """The writer's prompt says what the topic asks; across frames it asks for two stretches."""
    for name, topic in topics().items():
        text = filled_example("writer", name)
        assert topic.asks in text
        assert ("at least two" in text) is (topic.axis.value == "cross_frame")
