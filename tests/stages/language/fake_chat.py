"""A chat model that answers from a table: what the steps ask is written down, and what they get is known."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stages.models.chat import ChatReply, ChatRequest, ModelRole, NoReply

Answer = Mapping[str, object] | Callable[[ChatRequest], Mapping[str, object]] | type[NoReply]
"""A reply, a function that makes it, or the failure that takes its place."""


@dataclass
class FakeChat:
    """Answers by the name of the reply's schema, or by what that begins with."""

    answers: Mapping[str, Answer]
    asked: list[ChatRequest] = field(default_factory=list)

    async def ask(self, request: ChatRequest, /) -> ChatReply:
        """The reply of the table; KeyError for what it does not know."""
        self.asked.append(request)
        name = request.reply.name if request.reply else ""
        key = name if name in self.answers else next(known for known in self.answers if name.startswith(known))
        answer = self.answers[key]
        if isinstance(answer, type):
            raise answer(request.role)
        made = answer(request) if callable(answer) else answer
        return ChatReply(texts=(json.dumps(made),), finish_reasons=("stop",), model=self.model_of(request.role))

    def model_of(self, role: ModelRole, /) -> str:
        """One model a role."""
        return f"fake-{role.value}"

    def names(self) -> Sequence[str]:
        """The schemas that were asked for, in order."""
        return [request.reply.name if request.reply else "" for request in self.asked]


def line(request: ChatRequest, label: str) -> str:
    """What a prompt says after a label at the start of a line."""
    return next(text.removeprefix(label) for text in request.text.splitlines() if text.startswith(label))
