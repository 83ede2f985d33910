"""Models that are opened in process: found by what they hold, opened once, asked in turn, and cached as servers are."""

import asyncio
import pickle
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import pytest

from pipeline.endpoint import checkpoints
from pipeline.endpoint.asking import RoleChat
from pipeline.endpoint.checkpoints import Checkpoints, served
from pipeline.endpoint.gate import Gate, read_usage
from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.sending import AskingSetup
from pipeline.endpoint.settings import Budget, Endpoint, RoleModel, Roles
from pipeline.storage.location import Location
from schemas.clip import Frame
from schemas.errors import ModelError
from stages.models.chat import (
    ChatFrames,
    ChatReply,
    ChatRequest,
    ChatUsage,
    ModelRole,
    ReplyTruncated,
    ReplyUnparsable,
    RequestRejected,
)
from stages.models.chat_body import Dialogue
from stages.models.chat_server import CallFailedError, Completion, FailureKind
from tests.pipeline.endpoint.served import HOLDS, YES

T = TypeVar("T")
TARGET = RoleModel(model="tiny", checkpoint="here", checkpoint_sha256="w", adapter_sha256="a")
ASKED = ChatRequest(ModelRole.TARGET, "What is seen?", "h")


JUDGE = RoleModel(model="tiny", checkpoint="there", checkpoint_sha256="v")


@dataclass
class Parrot:
    """A model that says a given thing, and keeps what it was asked."""

    says: str = "A dog."
    finish: str = "stop"
    heard: list[tuple[Dialogue, int]] = field(default_factory=list)
    rests: bool = True
    closed: bool = False

    def rest(self) -> None:
        """Out of memory."""
        self.rests = True

    def close(self) -> None:
        """For good."""
        self.closed = True

    def complete(self, dialogue: Dialogue, count: int, /) -> Completion:
        """The same text as often as wanted; a text that holds "nonsense" is refused."""
        self.heard.append((dialogue, count))
        if "nonsense" in dialogue.text:
            raise CallFailedError(FailureKind.REJECTED, "not understood")
        self.rests = False
        first = tuple({"A": -0.5} for _ in range(count))
        return Completion(
            (self.says,) * count, (self.finish,) * count, (False,) * count, first, ChatUsage(prompt_tokens=7)
        )


def talk(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    talking: Callable[[RoleChat], Awaitable[T]],
    model: Parrot,
    *,
    judge: Parrot | None = None,
    offline: bool = False,
) -> T:
    """What comes of talking to a model that is opened in process: nothing listens anywhere."""
    models = {ModelRole.TARGET: model, ModelRole.JUDGE: judge or model}
    monkeypatch.setattr(checkpoints, "opened", lambda role, *_: models[role])
    where = Location.parse(str(folder))
    endpoint = Endpoint(budget=Budget(calls=1))
    setup = AskingSetup(
        endpoint, Roles(target=TARGET, judge=JUDGE), {}, {}, where / "replies", where / "usage.json", offline=offline
    )

    async def run() -> T:
        gate, held = Gate(setup.endpoint, setup.usage), Checkpoints()
        chat = RoleChat(setup, gate, held)
        try:
            return await talking(chat)
        finally:
            await chat.aclose()
            held.close()
            await gate.close()

    return asyncio.run(run())


def test_a_role_with_a_checkpoint_is_answered_here_and_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its replies are those of the model, `n` in one call, with log-probabilities of the choices; asked again, they
    come from the cache, also offline; usage is counted, and no budget of calls limits it.
    """
    model = Parrot()

    async def thrice(chat: RoleChat) -> list[ChatReply]:
        asked = replace(ASKED, n=3, choices=("A", "B"))
        return [await chat.ask(asked), await chat.ask(asked), await chat.ask(replace(asked, seed=1))]

    one, again, other = talk(tmp_path, monkeypatch, thrice, model)
    assert one == ChatReply(
        texts=("A dog.",) * 3,
        finish_reasons=("stop",) * 3,
        choice_log_probs=({"A": -0.5},) * 3,
        model="tiny",
        usage=ChatUsage(prompt_tokens=7),
    )
    assert (again.cached, other.cached) == (True, False)
    assert [count for _, count in model.heard] == [3, 3]
    offline = talk(tmp_path, monkeypatch, thrice, Parrot("another"), offline=True)
    assert [reply.texts for reply in offline] == [one.texts] * 3
    assert model.closed
    usage = read_usage(Location.parse(str(tmp_path / "usage.json"))).roles[ModelRole.TARGET]
    assert (usage.in_process.calls, usage.in_process.prompt_tokens, usage.spent.calls) == (2, 14, 0)
    assert usage.from_cache == 1 + 3


def test_gibberish_ends_as_the_failures_of_a_server_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off, empty, not the JSON that was asked for even after a repair turn, or not readable by the model."""
    cases = [
        (Parrot(finish="length"), ASKED, ReplyTruncated, 1),
        (Parrot(" "), ASKED, ReplyUnparsable, 1),
        (Parrot("{holds"), replace(ASKED, reply=HOLDS), ReplyUnparsable, 2),
        (Parrot(), replace(ASKED, text="nonsense"), RequestRejected, 1),
    ]
    for place, (model, request, failure, calls) in enumerate(cases):
        with pytest.raises(failure):
            talk(tmp_path / str(place), monkeypatch, lambda chat, asked=request: chat.ask(asked), model)
        assert len(model.heard) == calls


def test_json_is_asked_for_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing holds a model in process to a schema, so its prompt says it."""
    model = Parrot(f"It is {YES}.")
    reply = talk(tmp_path, monkeypatch, lambda chat: chat.ask(replace(ASKED, reply=HOLDS)), model)
    assert reply.texts == (YES,)
    assert "additionalProperties" in model.heard[0][0].text


def test_requests_about_the_same_frames_follow_one_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those that wait; all are answered, and equal ones once."""
    model = Parrot()
    shown = [ChatFrames((Frame(pts_seconds=0.0, jpeg=bytes([place])),)) for place in range(3)]

    async def crowd(chat: RoleChat) -> None:
        asked = [replace(ASKED, text=f"Question {n}?", shown=shown[n % 3]) for n in range(12)]
        await asyncio.gather(*map(chat.ask, [*asked, *asked]))

    talk(tmp_path, monkeypatch, crowd, model)
    heard = [dialogue.request.shown.sha256 for dialogue, _ in model.heard]
    assert len(heard) == 12
    assert len([1 for one, after in pairwise(heard) if one != after]) == 2


def test_a_model_that_cannot_be_opened_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its line passes through, and the next request is not stuck behind it."""

    class Large(Parrot):
        def complete(self, *_: object) -> Completion:
            """Never."""
            raise ModelError("too large")

    async def twice(chat: RoleChat) -> list[object]:
        return await asyncio.gather(chat.ask(ASKED), chat.ask(replace(ASKED, seed=1)), return_exceptions=True)

    assert [str(error) for error in talk(tmp_path, monkeypatch, twice, Large())] == ["too large"] * 2


def test_models_that_do_not_fit_together_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that finds no memory beside another one is tried again once that one rests; what waits for the model
    that is awake goes first.
    """
    models: list[Parrot] = []
    order: list[str] = []

    class Crowded(Parrot):
        def complete(self, dialogue: Dialogue, count: int, /) -> Completion:
            """Only if no other model is awake."""
            if [one for one in models if one is not self and not one.rests]:
                raise ModelError("no memory")
            order.append(self.says)
            return super().complete(dialogue, count)

    models += [Crowded("target"), Crowded("judge")]

    async def crowd(chat: RoleChat) -> list[ChatReply]:
        roles = (ModelRole.TARGET, ModelRole.JUDGE)
        return await asyncio.gather(*(chat.ask(replace(ASKED, role=roles[n % 2], seed=n)) for n in range(6)))

    replies = talk(tmp_path, monkeypatch, crowd, models[0], judge=models[1])
    assert [reply.texts for reply in replies] == [("target",), ("judge",)] * 3
    assert order == ["target"] * 3 + ["judge"] * 3


def test_models_that_are_not_open_pickle() -> None:
    """Ray's workers are sent them."""
    assert isinstance(pickle.loads(pickle.dumps(Checkpoints("cpu"))), Checkpoints)  # noqa: S301 our own


def test_only_other_roles_need_a_server() -> None:
    """A role with a checkpoint is neither listed nor probed."""
    needs = (RoleNeed(ModelRole.TARGET, 8, 64), RoleNeed(ModelRole.JUDGE, 8, 64))
    assert served(Roles(target=TARGET), needs) == [needs[1]]


def test_a_checkpoint_has_no_server() -> None:
    """Two places for one model contradict each other."""
    with pytest.raises(ValueError, match="leave out server and frames, or checkpoint"):
        RoleModel(checkpoint="here", server="other")


class Uneven(Parrot):
    """Of several replies the first is cut off, and the last says nothing."""

    def complete(self, dialogue: Dialogue, count: int, /) -> Completion:
        """As of a parrot, but for these two."""
        said = super().complete(dialogue, count)
        texts = (*said.texts[:-1], " ") if count > 1 else said.texts
        return replace(said, texts=texts, finish_reasons=("length", *said.finish_reasons[1:]))


def test_of_several_replies_some_may_be_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of four can be used, and nothing is asked again; if none can, or all are wanted, the request fails."""
    model = Uneven()

    async def some(chat: RoleChat) -> ChatReply:
        found = await chat.ask(replace(ASKED, n=4, some_suffice=True))
        for asked in (replace(ASKED, n=4), replace(ASKED, n=1, some_suffice=True)):
            with pytest.raises(ReplyTruncated):
                await chat.ask(asked)
        return found

    found = talk(tmp_path, monkeypatch, some, model)
    assert found.texts == ("A dog.",) * 2
    assert [count for _, count in model.heard] == [4, 4, 1]


def test_a_choice_may_be_cut_off_after_its_first_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its log-probabilities are all that is read of it."""

    async def chosen(chat: RoleChat) -> ChatReply:
        return await chat.ask(replace(ASKED, choices=("A", "B"), max_tokens=1))

    found = talk(tmp_path, monkeypatch, chosen, Parrot("A", finish="length"))
    assert found.choice_log_probs == ({"A": -0.5},)
