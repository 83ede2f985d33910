"""Each prompt of the project is answered in its own form, over what it shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pipeline.scripted import answering
from pipeline.scripted.asserting import stated_claim
from pipeline.scripted.boxes import NOWHERE, box_of
from pipeline.scripted.library import known_clips
from pipeline.scripted.received import ReceivedRequest
from pipeline.scripted.recognise import RecognisedFrame
from pipeline.scripted.script import ScriptedAnswers
from pipeline.scripted.settings import Errors, ServerSettings
from pipeline.scripted.tasks import task_in
from prompts.prompt import prompt, prompt_names
from prompts.topics import named_errors, topics
from schemas.claim import Axis
from schemas.errors import VideosError
from schemas.interval import Interval
from tests.pipeline.scripted.clips import CLIP, SECONDS, shown

_QUESTION = "Where is the red ball, seen from the blue box?"
_RIGHT, _WRONG = "The red ball is left of the blue box.", "The red ball is right of the blue box."
_ERROR = named_errors()[Axis.SPATIAL][0]
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "writer": {"frame_count": 16, "count": 2, "topic": topics()["spatial"], "gap_seconds": None},
    "twins": {
        "frame_count": 16,
        "count": 2,
        "first": Interval(start_seconds=0, end_seconds=3.9),
        "second": Interval(start_seconds=4.1, end_seconds=8),
    },
    "target": {"question": _QUESTION},
    "rewrite": {"question": _QUESTION, "answer": _RIGHT},
    "corrupter": {"question": _QUESTION, "answer": _RIGHT, "error": _ERROR},
    "relevant": {"question": _QUESTION, "answer": _RIGHT},
    "irrelevant": {"question": "What is left of the blue box?", "answer": _RIGHT, "entities": ["guitar", "star"]},
    "claims": {"question": _QUESTION, "answers": [_RIGHT, _WRONG], "predicates": ["left_of: left"]},
    "judge_faithful": {"question": _QUESTION, "answer": _RIGHT},
    "judge_genuine": {"question": _QUESTION, "answer": _WRONG},
    "judge_compare": {"question": _QUESTION, "first": _WRONG, "second": _RIGHT},
    "blind": {"question": _QUESTION, "first": _WRONG, "second": _RIGHT},
    "box": {"question": _QUESTION, "answer": _RIGHT},
    "judge_crop": {"thing": "box"},
    "sample": {"question": _QUESTION, "forms": []},
    "context": {"frame_count": 16, "count": 5, "notes": []},
    "judge_prefer": {"question": _QUESTION, "notes": [], "first": _WRONG, "second": _RIGHT},
    "judge_reason": {"question": _QUESTION, "better": _RIGHT, "worse": _WRONG},
}
_IN_PLAIN_TEXT = {"sample", "judge_prefer"}
_NAMES = {"writer": "writer_spatial", "corrupter": "corrupter_spatial"}


class _Index:
    """Knows each frame by its bytes: its seconds."""

    def recognise(self, jpeg: bytes, _said: float | None) -> RecognisedFrame:
        return RecognisedFrame(CLIP, float(jpeg), is_mirrored=False)

    def shows_part(self, _jpeg: bytes, _seconds: float, noun: str) -> bool:
        """A part of a frame shows the box, whatever it is cut out by."""
        return noun == "box"


def _answers(errors: Errors | None = None) -> ScriptedAnswers:
    made = ScriptedAnswers([], ServerSettings(errors=errors or Errors()))
    made._index = _Index()  # type: ignore[assignment]
    return made


def _request(name: str | None, text: str, seconds: Sequence[float] = ()) -> ReceivedRequest:
    return ReceivedRequest(
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        model="scripted",
        frames=tuple(str(second).encode() for second in seconds),
        is_video=False,
        video_seconds=(),
        texts=(*(f"{second:.1f} s" for second in seconds), text),
        is_repair=False,
        schema_name=name,
        schema=None,
        max_tokens=None,
        n=1,
        seed=0,
        wants_logprobs=False,
    )


def _said(name: str, seconds: Sequence[float] = (0, 0.5, 1), errors: Errors | None = None) -> dict[str, Any]:
    text = prompt(name).fill(**_VALUES[name])
    answered: dict[str, Any] = json.loads(_answers(errors).answer(_request(_NAMES.get(name, name), text, seconds), 0))
    return answered


@pytest.mark.parametrize("name", sorted(_IN_PLAIN_TEXT))
def test_plain_text_is_replied_where_no_schema_is_sent(name: str) -> None:
    """A sample is a sentence, and a preference a letter; the task is told by the text."""
    text = prompt(name).fill(**_VALUES[name])
    assert task_in(text) == name
    reply = _answers().answer(_request(None, text, (0, 0.5, 1)), 0)
    assert reply.startswith("B" if name == "judge_prefer" else "The red ball ")


@pytest.mark.parametrize("name", sorted(set(prompt_names()) - {"repair", "reply_form"} - _IN_PLAIN_TEXT))
def test_the_reply_has_the_keys_of_the_prompts_schema(name: str) -> None:
    """As the JSON schema beside each prompt says; the task is also told by the text alone, if no schema is sent."""
    reply = _said(name, SECONDS)
    assert sorted(reply) == sorted(prompt(name).reply_schema["properties"])
    text = prompt(name).fill(**_VALUES[name])
    told = task_in(text)
    assert told is not None
    assert told.startswith(name)
    assert json.loads(_answers().answer(_request(None, text, SECONDS), 0)) == reply


def test_roles_say_what_is_true() -> None:
    """The target is right, the corrupter wrong, and the judge knows; of irrelevant answers each names its entity."""
    assert _said("target") == {"answer": _RIGHT}
    assert _said("corrupter") == {"answer": _WRONG}
    assert _said("judge_faithful")["holds"] == "yes"
    assert _said("judge_genuine")["holds"] == "no"
    assert _said("judge_compare")["right"] == "B"
    assert [one["entity"] for one in _said("irrelevant")["answers"]] == ["guitar", "star"]
    assert [one["predicate"] for one in _said("claims")["claims"]] == ["left_of", "right_of"]
    assert _said("writer", SECONDS)["questions"][0]["question"] == "What does the ball roll on?"


def test_a_thing_is_boxed_in_thousandths() -> None:
    """At first the red ball is at (0.1, 0.5), 0.1 wide: it is named first. The blue box stands at (0.5, 0.8) and leaves
    after 6 s. An error draws a box on the other side.
    """
    assert _said("box", [0.0]) == {
        "thing": "ball", "found": True, "left": 50, "top": 450, "right": 150, "bottom": 550,
    }  # fmt: skip
    assert box_of(shown([0.0]), _RIGHT, errs=True)["left"] == 850
    assert box_of(shown([0.0]), "Where is the blue box?", errs=False)["left"] == 450
    assert box_of(shown([7.0]), "Where is the blue box?", errs=False) == NOWHERE
    assert _said("judge_crop")["holds"] == "yes"
    assert _said("judge_crop", errors=Errors(judge=1))["holds"] == "no"


def test_errors_of_writers_and_judges() -> None:
    """At a rate of 1 the target is wrong and the corrupter right, and the judge turns everything round."""
    errors = Errors(writer=1, judge=1)
    assert _said("target", errors=errors) == {"answer": _WRONG}
    assert _said("corrupter", errors=errors) == {"answer": "The red ball lies on the left side of the blue box."}
    assert _said("judge_faithful", errors=errors)["holds"] == "no"
    assert _said("judge_compare", errors=errors)["right"] == "A"


def test_nothing_known_is_answered_with_the_shortest_reply() -> None:
    """Without frames of a known video, and for prompts that nobody knows."""
    text = prompt("target").fill(question=_QUESTION)
    assert _answers().answer(_request("target", text), 0) == "yes"
    assert _answers().answer(_request("colour", "Which colour has a clear sky?"), 0) == "yes"


@pytest.mark.parametrize(
    ("answer", "claim"),
    [
        ("The red ball is above the blue box.", ("above", "the red ball", "the blue box", "")),
        ("The red ball is in the centre part of the picture.", ("in_region", "the red ball", "", "centre")),
        ("The ball is red.", ("has_colour", "the ball", "", "red")),
        ("The number of things in view of the kind leaf is three.", ("named_count", "", "leaf", "3")),
        ('It says "market" in the picture.', ("reads", "", "", "market")),
        ("Rain falls before snow falls.", ("happens_before", "rain falls", "snow falls", "")),
        ("The red ball moves to the left.", ("moves", "the red ball", "", "left")),
        ("Nobody knows.", ("none", "", "", "")),
    ],
)
def test_claims_are_stated_by_the_words_alone(answer: str, claim: tuple[str, str, str, str]) -> None:
    """Predicate, subject, object and value, as the prompt asks for them."""
    stated = stated_claim(1, "Who knows?", answer)
    assert tuple(stated[key] for key in ("predicate", "subject", "object", "value")) == claim


def test_a_manifest_without_annotations_is_refused(tmp_path: Any) -> None:
    """The server would know nothing; an address is refused, too."""
    manifest = tmp_path / "m.jsonl"
    manifest.write_text('{"uri": "a.mp4"}\n')
    with pytest.raises(VideosError, match="no video has annotations"):
        known_clips(str(manifest))
    with pytest.raises(VideosError, match="give a local path"):
        known_clips("s3://bucket/m.jsonl")


def test_what_people_answer_in_a_word_is_stated_with_their_question() -> None:
    """A colour is that of the thing that they ask about, a number that of its kind."""
    colour = stated_claim(1, "What colour is the shirt of the boy?", "Green.")
    assert (colour["predicate"], colour["subject"], colour["value"]) == ("has_colour", "the shirt of the boy", "green")
    count = stated_claim(2, "How many cups are on the table?", "Three.")
    assert (count["predicate"], count["object"], count["value"]) == ("named_count", "cups", "3")


def test_an_irrelevant_answer_is_about_what_is_asked() -> None:
    """A guitar left of the box says nothing of the ball that is asked about: there is no such answer."""
    assert list(answering.irrelevant(_QUESTION, _RIGHT, ["guitar"], [])) == []
    assert list(answering.irrelevant("What is left of the blue box?", _RIGHT, ["guitar"], [])) == [
        ("guitar", "The guitar is left of the blue box.")
    ]
