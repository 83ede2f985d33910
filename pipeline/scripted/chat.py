"""The scripted answers as a `ChatModel` in this process, without HTTP: for tests and trials."""

import hashlib

from pipeline.scripted.app import Answerer
from pipeline.scripted.received import ReceivedRequest, tokens_of
from pipeline.scripted.replies import first_token_log_probs
from stages.models.chat import ChatReply, ChatRequest, ChatUsage, ModelRole


class ScriptedChat:
    """Answers at once; every role is played by the model `scripted`."""

    def __init__(self, answerer: Answerer) -> None:
        """`answerer` gives the replies."""
        self._answerer = answerer

    async def ask(self, request: ChatRequest, /) -> ChatReply:
        """The reply that the scripted server would give."""
        received = _received(request)
        texts = tuple(self._answerer.answer(received, number) for number in range(request.n))
        usage = ChatUsage(
            prompt_tokens=received.prompt_tokens, completion_tokens=sum(tokens_of(text) for text in texts)
        )
        scores = tuple(first_token_log_probs(text) for text in texts)
        chosen = tuple({choice: score[choice] for choice in request.choices if choice in score} for score in scores)
        return ChatReply(
            texts=texts,
            finish_reasons=("stop",) * request.n,
            choice_log_probs=chosen if request.choices else None,
            model="scripted",
            usage=usage,
        )

    def model_of(self, _role: ModelRole, /) -> str:
        """As the server calls it."""
        return "scripted"


def _received(request: ChatRequest) -> ReceivedRequest:
    return ReceivedRequest(
        sha256=hashlib.sha256(f"{request.shown.sha256}\0{request.text}".encode()).hexdigest(),
        model="scripted",
        frames=tuple(frame.jpeg for frame in request.shown.frames),
        is_video=False,
        video_seconds=request.shown.shown_seconds,
        texts=(request.text,),
        is_repair=False,
        schema_name=request.reply.name if request.reply else None,
        schema=None,
        max_tokens=request.max_tokens,
        n=request.n,
        seed=request.seed,
        wants_logprobs=bool(request.choices),
    )
