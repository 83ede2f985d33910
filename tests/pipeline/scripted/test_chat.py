"""The scripted answers in this process."""

import asyncio
import json

from pipeline.scripted.chat import ScriptedChat
from pipeline.scripted.received import ReceivedRequest
from schemas.clip import Frame
from stages.models.chat import ChatFrames, ChatModel, ChatRequest, ModelRole, ReplySchema


class _Echo:
    """Says what it was asked."""

    def answer(self, request: ReceivedRequest, number: int) -> str:
        return json.dumps([request.prompt, request.schema_name, list(request.video_seconds), number])


def test_a_request_is_answered_as_by_the_server() -> None:
    """Text, schema and times reach who answers; n replies come back, from the model that every role is played by."""
    chat: ChatModel = ScriptedChat(_Echo())
    shown = ChatFrames((Frame(pts_seconds=3.0, jpeg=b"x"),), (1.0,))
    request = ChatRequest(ModelRole.JUDGE, "Question: why?", "hash", shown, ReplySchema("judge_faithful", {}), n=2)
    reply = asyncio.run(chat.ask(request))
    assert [json.loads(text) for text in reply.texts] == [
        ["Question: why?", "judge_faithful", [1.0], number] for number in (0, 1)
    ]
    assert reply.finish_reasons == ("stop", "stop")
    assert reply.model == chat.model_of(ModelRole.WRITER) == "scripted"
    assert reply.usage.prompt_tokens == 256 + len("Question: why?") // 4
