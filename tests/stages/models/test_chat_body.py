"""The bytes of requests."""

import base64
import json
from dataclasses import replace
from typing import Any

from schemas.clip import Frame
from stages.models.chat import ChatFrames, ChatRequest, ModelRole, ReplySchema
from stages.models.chat_body import Dialogue, FramesAs, ServerTraits, chat_body, frames_part

SHOWN = ChatFrames((Frame(pts_seconds=0.25, jpeg=b"one"), Frame(pts_seconds=2.5, jpeg=b"two")))
ASKED = ChatRequest(ModelRole.JUDGE, "Is it <so>?", "h" * 16, shown=SHOWN, max_tokens=7, seed=3)
ALL = ServerTraits(json_schema=True, log_probs=True)


def _body(request: ChatRequest, traits: ServerTraits = ALL, frames_as: FramesAs = FramesAs.IMAGES) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(chat_body(Dialogue(request, request.text), "m", traits, frames_as, count=1))
    return body


def test_frames_come_first_with_their_times_and_the_text_last() -> None:
    """A message is the frames, the time in seconds before each, then the text; parameters are the request's."""
    body = _body(ASKED)
    parts = body.pop("messages")[0]["content"]
    assert [part.get("text") for part in parts] == ["0.2 s", None, "2.5 s", None, "Is it <so>?"]
    assert parts[1]["image_url"]["url"] == "data:image/jpeg;base64," + base64.b64encode(b"one").decode()
    assert body == {"model": "m", "max_tokens": 7, "temperature": 0.0, "seed": 3}


def test_requests_about_the_same_frames_begin_with_the_same_bytes() -> None:
    """All bytes before the text are equal, also for another schema and other parameters, and are encoded once."""
    other = replace(ASKED, text="Another?", temperature=1.0, reply=ReplySchema("r", {"type": "object"}))
    bodies = [chat_body(Dialogue(r, r.text), "m", ALL, FramesAs.IMAGES, count=1) for r in (ASKED, other)]
    shared = frames_part(SHOWN, FramesAs.IMAGES)
    assert bodies[0].index(shared) == bodies[1].index(shared)
    assert bodies[0][: bodies[0].index(shared)] == bodies[1][: bodies[1].index(shared)]
    assert frames_part(SHOWN, FramesAs.IMAGES) is shared


def test_only_what_the_server_does_is_asked_of_it() -> None:
    """Schema and log-probabilities are sent where a probe has found them; the token limit under the name it wants."""
    asked = replace(ASKED, reply=ReplySchema("r", {"type": "object"}), choices=("yes", "no"))
    assert {"response_format", "logprobs", "top_logprobs", "max_tokens"} <= _body(asked).keys()
    assert _body(asked)["response_format"]["json_schema"] == {"name": "r", "schema": {"type": "object"}, "strict": True}
    least = _body(asked, ServerTraits(completion_limit=True, temperature=False))
    assert _body(replace(ASKED, temperature=1.0, top_p=0.9))["top_p"] == 0.9
    assert least.keys() == {"messages", "model", "max_completion_tokens", "seed"}


def test_a_video_carries_its_frames_times() -> None:
    """Frames sent as one video have their times in milliseconds as places in the source; none is cut off."""
    body = _body(ASKED, frames_as=FramesAs.VIDEO)
    url = body["messages"][0]["content"][0]["video_url"]["url"]
    assert url == "data:video/jpeg;base64," + ",".join(base64.b64encode(f.jpeg).decode() for f in SHOWN.frames)
    assert body["media_io_kwargs"]["video"] == {
        "num_frames": -1,
        "fps": 1000.0,
        "frames_indices": [250, 2500],
        "total_num_frames": 2501,
        "duration": 2.501,
    }


def test_a_repair_turn_follows_what_was_said() -> None:
    """The reply that was not usable and what was wrong with it come after the first message, which is unchanged."""
    dialogue = Dialogue(ASKED, ASKED.text, reply="hm", correction="No JSON. Again.")
    messages = json.loads(chat_body(dialogue, "m", ALL, FramesAs.IMAGES, count=1))["messages"]
    assert messages[0] == _body(ASKED)["messages"][0]
    assert [(m["role"], m["content"]) for m in messages[1:]] == [("assistant", "hm"), ("user", "No JSON. Again.")]
