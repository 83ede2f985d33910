"""Answers the requests of a worker's stages: from the cache, from a server through the gate, or from a model here."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipeline.endpoint.checkpoints import Checkpoints
from pipeline.endpoint.gate import Gatekeeper
from pipeline.endpoint.reply_cache import ReplyCache, reply_key
from pipeline.endpoint.sending import AskingSetup, Sender
from prompts.prompt import Prompt, prompt
from schemas.errors import EndpointError
from stages.models.chat import (
    ChatReply,
    ChatRequest,
    ChatUsage,
    EndpointFailed,
    ModelRole,
    NoReply,
    ReplyMissing,
    ReplyRefused,
    ReplyTruncated,
    ReplyUnparsable,
    RequestRejected,
)
from stages.models.chat_body import Dialogue
from stages.models.chat_server import CallFailedError, Completion, FailureKind
from stages.models.reply_json import reply_json

_NOT_FOUND = 404
_LEAST_ECHO = 40
"""Characters from which on a text is not in a reply by chance."""


@dataclass(frozen=True)
class ChatOpener:
    """Opens a `ChatModel` in a worker; it can be pickled where its gate can."""

    setup: AskingSetup
    gate: Gatekeeper
    checkpoints: Checkpoints
    """The models of a process; all of its workers share them."""

    def open(self) -> "RoleChat":
        """What answers the requests of one worker."""
        return RoleChat(self.setup, self.gate, self.checkpoints)


class RoleChat:
    """A `ChatModel` for the life of one worker and its event loop: each role's model is a server's, or in process."""

    def __init__(self, setup: AskingSetup, gate: Gatekeeper, checkpoints: Checkpoints) -> None:
        self._setup, self._gate = setup, gate
        self._checkpoints = checkpoints
        self._sender = Sender(setup, gate)
        self._cache = ReplyCache(setup.replies)
        self._asked: dict[str, asyncio.Task[ChatReply]] = {}
        self._repair, self._form = prompt("repair"), prompt("reply_form")

    def model_of(self, role: ModelRole, /) -> str:
        """As `ChatModel.model_of`."""
        return self._setup.roles.of(role).model or ""

    async def ask(self, request: ChatRequest, /) -> ChatReply:
        """As `ChatModel.ask`. Equal requests at the same time are asked once."""
        key = reply_key(request, self._setup.roles.of(request.role), _digest(self._repair, self._form))
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.create_task(self._answer(key, request))
            task.add_done_callback(lambda _: self._asked.pop(key))
        return await task

    async def aclose(self) -> None:
        """Close all connections."""
        await self._sender.aclose()

    async def _answer(self, key: str, request: ChatRequest) -> ChatReply:
        if (cached := await asyncio.to_thread(self._cache.get, key)) is not None:
            await self._gate.count(request.role, {"from_cache": 1})
            return cached.model_copy(update={"cached": True})
        if self._setup.offline:
            raise await self._offline_failure(key, request.role)
        try:
            reply = await self._live(request)
        except NoReply as failure:
            await self._gate.count(request.role, {"unusable": 1})
            await asyncio.to_thread(self._cache.keep_unusable, key, failure)
            raise
        return await asyncio.to_thread(self._cache.put, key, reply)

    async def _offline_failure(self, key: str, role: ModelRole) -> NoReply:
        """The failure that an earlier run dropped the item for, or that nothing is known."""
        if (failure := await asyncio.to_thread(self._cache.unusable, key)) is not None:
            return failure
        await self._gate.count(role, {"missing": 1})
        return ReplyMissing(role)

    async def _live(self, request: ChatRequest) -> ChatReply:
        """All replies to a request. A server that samples one at a time is asked again, with the next seed."""
        replies: list[ChatReply] = []
        unusable: list[NoReply] = []
        while (count := request.n - len(unusable) - sum(len(reply.texts) for reply in replies)) > 0:
            again = replace(request, seed=request.seed + request.n - count)
            reply, failures = await self._usable(Dialogue(again, self._text(again)), count)
            if failures and not request.some_suffice:
                raise failures[0]
            unusable += failures
            if reply.texts:
                replies.append(reply)
        if not replies:
            raise unusable[0]
        return replies[0] if len(replies) == 1 else _joined(replies)

    async def _usable(self, dialogue: Dialogue, count: int) -> tuple[ChatReply, list[NoReply]]:
        """The replies of one call, those that cannot be read after one repair turn each, and why some are not used."""
        request, completion = dialogue.request, await self._complete(dialogue, count)
        scores = _choices(request, completion)
        usage, failures, used = completion.usage or ChatUsage(), list[NoReply](), list[tuple[int, str, str]]()
        for place, text in enumerate(completion.texts[:count]):
            try:
                read, finish = _read(request, completion, place), completion.finish_reasons[place]
            except ValueError as problem:
                if request.reply is None:
                    failures.append(ReplyUnparsable(request.role, text))
                    continue
                repaired = await self._repaired(replace(dialogue, reply=text, correction=str(problem)))
                read, finish = _read_or_drop(request, repaired), repaired.finish_reasons[0]
                usage = _sum(usage, repaired.usage or ChatUsage())
            except NoReply as failure:
                failures.append(failure)
                continue
            used.append((place, read, finish))
        reply = ChatReply(
            texts=tuple(read for _, read, _ in used),
            finish_reasons=tuple(finish for _, _, finish in used),
            choice_log_probs=None if scores is None else tuple(scores[place] for place, _, _ in used),
            model=self.model_of(request.role),
            usage=usage,
        )
        return reply, failures

    async def _repaired(self, dialogue: Dialogue) -> Completion:
        """What the model replies when it is told what was wrong."""
        await self._gate.count(dialogue.request.role, {"repairs": 1})
        correction = self._repair.fill(problem=dialogue.correction, schema=_schema(dialogue.request))
        return await self._complete(replace(dialogue, correction=correction), 1)

    async def _complete(self, dialogue: Dialogue, count: int) -> Completion:
        """The completion of one dialogue, after retries. Raises NoReply, EndpointError and CapError."""
        role = dialogue.request.role
        model = self._setup.roles.of(role)
        try:
            if model.in_process:
                completion = await self._checkpoints.complete(model, dialogue, count)
                await self._gate.answered(role, completion.usage or ChatUsage())
                return completion
            return await self._sender.complete(dialogue, self._setup.traits_of(role), count)
        except CallFailedError as failed:
            if failed.kind is FailureKind.DENIED or failed.status == _NOT_FOUND:
                raise EndpointError(
                    f"the server of roles.{role} refuses {self.model_of(role)}: {failed}; "
                    f"check its key and roles.{role}.model"
                ) from None
            kind = RequestRejected if failed.kind is FailureKind.REJECTED else EndpointFailed
            raise kind(role, str(failed)) from None

    def _text(self, request: ChatRequest) -> str:
        """The request's text, with the schema of the reply if the server does not keep to one."""
        if request.reply is None or self._setup.traits_of(request.role).json_schema:
            return request.text
        return f"{request.text}\n\n{self._form.fill(schema=_schema(request))}"


def _schema(request: ChatRequest) -> str:
    return "" if request.reply is None else json.dumps(request.reply.schema, ensure_ascii=False)


def _read(request: ChatRequest, completion: Completion, place: int) -> str:
    """The text of a reply as it may be used. ValueError if it cannot be read; NoReply if no repair would help."""
    text = completion.texts[place]
    if completion.refused[place]:
        raise ReplyRefused(request.role, text)
    if completion.finish_reasons[place] == "length" and not request.choices:
        raise ReplyTruncated(request.role, text)
    if not text.strip():
        raise ValueError("the reply is empty")
    if len(request.text) >= _LEAST_ECHO and request.text in text:  # an example in the prompt would pass for the reply
        raise ValueError("the reply repeats what was asked")
    return text.strip() if request.reply is None else reply_json(text, request.reply.schema)


def _read_or_drop(request: ChatRequest, repaired: Completion) -> str:
    try:
        return _read(request, repaired, 0)
    except ValueError:
        raise ReplyUnparsable(request.role, repaired.texts[0]) from None


def _choices(request: ChatRequest, completion: Completion) -> tuple[Mapping[str, float], ...] | None:
    if not request.choices or completion.first_tokens is None:
        return None
    return tuple({c: tokens[c] for c in request.choices if c in tokens} for tokens in completion.first_tokens)


def _joined(replies: list[ChatReply]) -> ChatReply:
    """The replies of several calls as those of one."""
    scores = [score for reply in replies for score in reply.choice_log_probs or ()]
    usage = replies[0].usage
    for reply in replies[1:]:
        usage = _sum(usage, reply.usage)
    texts = tuple(text for reply in replies for text in reply.texts)
    return replies[0].model_copy(
        update={
            "texts": texts,
            "finish_reasons": tuple(reason for reply in replies for reason in reply.finish_reasons),
            "choice_log_probs": tuple(scores) if len(scores) == len(texts) else None,
            "usage": usage,
        }
    )


def _sum(first: ChatUsage, second: ChatUsage) -> ChatUsage:
    return ChatUsage(
        prompt_tokens=first.prompt_tokens + second.prompt_tokens,
        completion_tokens=first.completion_tokens + second.completion_tokens,
        cached_prompt_tokens=first.cached_prompt_tokens + second.cached_prompt_tokens,
    )


def _digest(*prompts: Prompt) -> str:
    return hashlib.sha256("".join(prompt.digest for prompt in prompts).encode()).hexdigest()
