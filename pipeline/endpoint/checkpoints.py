"""The models that are opened in this process: found before a run, opened at their first request, asked in turn.

One thread asks one model about one thing at a time, so that no reply depends on what else is under way. Of the requests
that wait, those about the frames of the last one go first, since a model need not read these again, and then those to
the same model. Models that do not fit into the memory of the device together take turns in it.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.settings import RoleModel, Roles
from schemas.errors import ModelError
from stages.models.chat import ModelRole
from stages.models.chat_body import Dialogue
from stages.models.chat_server import Completion

if TYPE_CHECKING:
    from trainer.answering.player import Player

_ON_CPU = "--set endpoint.device=cpu"


_Which = tuple[str | None, str | None]
"""The hashes of a model and of its adapter."""
_Topic = tuple[_Which, str]
"""Which model is asked about which frames."""


class Answering(Protocol):
    """A model that is open."""

    def complete(self, dialogue: Dialogue, count: int, /) -> Completion:
        """That many answers. Raises CallFailedError; ModelError if there is too little memory."""
        ...

    def rest(self) -> None:
        """Leave the memory of the device to others until it is asked again."""
        ...

    def close(self) -> None:
        """Leave all memory to others; it is not asked again."""
        ...


def with_checkpoints(roles: Roles, needs: Sequence[RoleNeed], short_side: int) -> Roles:
    """The roles with names and hashes of the checkpoints that are asked, for frames of this short side.

    ModelError if one cannot be used. No weights are loaded.
    """
    found = {need.role.value: _known(need, roles.of(need.role), short_side) for need in needs}
    return roles.model_copy(update=found)


def served(roles: Roles, needs: Sequence[RoleNeed]) -> list[RoleNeed]:
    """The needs that a server is asked for."""
    return [need for need in needs if not roles.of(need.role).in_process]


def _known(need: RoleNeed, model: RoleModel, short_side: int) -> RoleModel:
    if model.checkpoint is None:
        return model
    player = _player(need.role, model)
    try:
        found = {"model": model.model or player.name, "checkpoint_sha256": player.sha256}
    except ModelError as error:
        raise ModelError(f"roles.{need.role}.checkpoint: {error}") from error
    player.refuse_unfit(need.frames, short_side, need.reply_tokens)
    folder = Path(model.checkpoint)
    place = str(folder.absolute()) if folder.is_dir() else model.checkpoint  # a hub id is no path
    return model.model_copy(update={**found, "adapter_sha256": player.adapter_sha256, "checkpoint": place})


class Checkpoints:
    """The models of one process and its event loop, each opened once; it can be pickled before any is open."""

    def __init__(self, device: str | None = None) -> None:
        """`device`: None for the GPU if there is one, else the CPU."""
        self._device = device
        self._open: dict[_Which, Answering] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._line: list[tuple[_Topic, asyncio.Future[None]]] = []
        self._busy = False
        self._topic: _Topic | None = None
        """Of the last request."""

    async def complete(self, model: RoleModel, dialogue: Dialogue, count: int) -> Completion:
        """The answers of a role's model. Raises CallFailedError; ModelError if it cannot be opened or has no memory."""
        topic = (_which(model), dialogue.request.shown.sha256)
        await self._turn(topic)
        try:
            self._topic, self._thread = topic, self._thread or ThreadPoolExecutor(1, "checkpoints")
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, partial(self._answers, model, dialogue, count))
        finally:
            self._pass_on()

    def close(self) -> None:
        """Let the models go, with their memory."""
        if self._thread is None:
            return
        self._thread.shutdown(cancel_futures=True)
        self._thread = None
        while self._open:
            self._open.popitem()[1].close()

    def _answers(self, model: RoleModel, dialogue: Dialogue, count: int) -> Completion:
        """In the thread of all models."""
        try:
            return self._opened(model, dialogue.request.role).complete(dialogue, count)
        except ModelError:
            others = [one for which, one in self._open.items() if which != _which(model)]
            if not others:
                raise
            for other in others:
                other.rest()
        return self._opened(model, dialogue.request.role).complete(dialogue, count)

    def _opened(self, model: RoleModel, role: ModelRole) -> Answering:
        if _which(model) not in self._open:
            self._open[_which(model)] = opened(role, model, self._device)
        return self._open[_which(model)]

    async def _turn(self, topic: _Topic) -> None:
        if not self._busy:
            self._busy = True
            return
        turn = asyncio.get_running_loop().create_future()
        self._line.append((topic, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had been passed on already
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        self._line = [(topic, turn) for topic, turn in self._line if not turn.done()]
        self._busy = bool(self._line)
        if self._line:
            first = max(range(len(self._line)), key=lambda place: (self._nearness(self._line[place][0]), -place))
            self._line.pop(first)[1].set_result(None)

    def _nearness(self, topic: _Topic) -> int:
        """How much of what the last request needed is needed again."""
        if self._topic is None or topic[0] != self._topic[0]:
            return 0
        return 2 if topic == self._topic else 1


def _which(model: RoleModel) -> _Which:
    return model.checkpoint_sha256, model.adapter_sha256


def opened(role: ModelRole, model: RoleModel, device: str | None) -> Answering:
    """The model of a role, in memory. ModelError if it does not fit."""
    return _player(role, model).open(device)


def _player(role: ModelRole, model: RoleModel) -> "Player":
    from trainer.answering.player import Player  # noqa: PLC0415 torch, which most builds need not have

    return Player.at(str(model.checkpoint), f"roles.{role}.checkpoint", _ON_CPU)
