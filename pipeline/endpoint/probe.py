"""Asks each model a few short questions before a run: whether it is there, sees frames, and keeps to a schema.

Each is a call like any other: through the gate, against the budget. What was found is kept in the work folder, so that
a resume asks nothing again.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

from PIL import Image

from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.sending import AskingSetup, Sender
from pipeline.storage.location import Location
from schemas.clip import Frame
from schemas.errors import EndpointError
from schemas.record import Record
from stages.models.chat import NO_FRAMES, ChatFrames, ChatRequest, ModelRole, ReplySchema
from stages.models.chat_body import Dialogue, FramesAs, ServerTraits
from stages.models.chat_server import CallFailedError, Completion, FailureKind
from stages.models.reply_json import reply_json

_SHORT = "Reply with the word OK."
_SCHEMA = ReplySchema(
    "colour",
    {
        "type": "object",
        "properties": {"colour": {"type": "string"}},
        "required": ["colour"],
        "additionalProperties": False,
    },
)
_FREE = "Which colour has a clear sky at noon? Answer in a short sentence."
"""It asks for no JSON: only a server that keeps to the schema replies with some."""
_SHORT_REPLY = 16
_SCHEMA_REPLY = 64
_SHAPE = 16 / 9
_NOT_FOUND = 404


class Probed(Record):
    """What was found of one model."""

    address: str | None
    model: str
    frames: int
    """Frames that it was shown at once."""
    frames_as: FramesAs
    short_side: int
    reply_tokens: int
    traits: ServerTraits


class ProbeFile(Record):
    """The file `.work/servers.json`."""

    probed: tuple[Probed, ...] = ()


class Probe:
    """Finds the traits of the model of each role."""

    def __init__(
        self, setup: AskingSetup, sender: Sender, file: Location, say: Callable[[str], None], *, short_side: int
    ) -> None:
        """`file` keeps what is found; `say` prints a line for people; `short_side`: of the recipe's frames, pixels."""
        self._setup, self._sender, self._file, self._say = setup, sender, file, say
        self._short_side = short_side
        self._known = list(_read(file).probed)

    async def traits(self, needs: Sequence[RoleNeed]) -> dict[ModelRole, ServerTraits]:
        """The traits for each role. Raises EndpointError in one line, and CapError."""
        found = {}
        for need in needs:
            probed = self._earlier(need) or await self._probed(need)
            found[need.role] = probed.traits
            self._known = [one for one in self._known if one != probed] + [probed]
            self._file.write_bytes(ProbeFile(probed=tuple(self._known)).model_dump_json().encode())
        return found

    def _earlier(self, need: RoleNeed) -> Probed | None:
        role = self._setup.roles.of(need.role)
        address = self._setup.addresses[role.server]
        for one in self._known:
            same = (one.address, one.model, one.frames_as) == (address, role.model, role.frames)
            enough = one.frames >= need.frames and one.reply_tokens >= need.reply_tokens
            if same and enough and (not need.frames or one.short_side == self._short_side):
                return one
        return None

    async def _probed(self, need: RoleNeed) -> Probed:
        role = self._setup.roles.of(need.role)
        traits, bare = await self._first(need.role)
        traits = traits.model_copy(update={"json_schema": await self._keeps_schema(need.role, traits)})
        if not traits.json_schema:
            self._say(f"{role.model} does not keep replies to a JSON schema: its prompts say the schema instead")
        if need.frames:
            each = await self._frame_tokens(need, traits, bare)
            traits = traits.model_copy(update={"tokens_per_frame": each} if each else {})
        return Probed(
            address=self._setup.addresses[role.server],
            model=role.model or "",
            frames=need.frames,
            frames_as=role.frames,
            short_side=self._short_side,
            reply_tokens=need.reply_tokens,
            traits=traits,
        )

    async def _first(self, role: ModelRole) -> tuple[ServerTraits, int]:
        """The traits that a first short question shows, and its prompt tokens, 0 if the server does not say."""
        asked = _request(role, _SHORT, max_tokens=_SHORT_REPLY)
        for traits in (
            ServerTraits(log_probs=True),
            ServerTraits(),
            ServerTraits(log_probs=True, completion_limit=True),
            ServerTraits(completion_limit=True),
            ServerTraits(completion_limit=True, temperature=False),
        ):
            try:
                completion = await self._call(asked, traits)
            except CallFailedError as failed:
                if failed.kind is not FailureKind.REJECTED or failed.status == _NOT_FOUND:
                    raise self._unusable(role, failed) from None
                first_failure = failed
            else:
                tokens = completion.usage.prompt_tokens if completion.usage else 0
                known = {"overhead_tokens": tokens} if tokens else {}
                return traits.model_copy(update={"log_probs": completion.first_tokens is not None, **known}), tokens
        raise self._unusable(role, first_failure)

    async def _keeps_schema(self, role: ModelRole, traits: ServerTraits) -> bool:
        asked = replace(_request(role, _FREE, max_tokens=_SCHEMA_REPLY), reply=_SCHEMA, choices=())
        try:
            completion = await self._call(asked, traits.model_copy(update={"json_schema": True}))
        except CallFailedError as failed:
            if failed.kind is FailureKind.DENIED:
                raise self._unusable(role, failed) from None
            return False
        return _is_json(completion)

    async def _frame_tokens(self, need: RoleNeed, traits: ServerTraits, bare: int) -> int:
        """Prompt tokens of a frame; 0 if the server does not say. Raises EndpointError if they cannot be shown."""
        try:
            completion = await self._shown(need, traits)
        except CallFailedError as failed:
            raise await self._why(need, traits, failed) from None
        tokens = completion.usage.prompt_tokens if completion.usage else 0
        if bare and tokens and tokens - bare < need.frames:
            name = self._setup.roles.of(need.role)
            raise EndpointError(
                f"{name.model} does not see frames sent as {name.frames}: {need.frames} of them make its prompt "
                f"{tokens - bare} tokens longer; name a vision model in roles.{need.role}.model, "
                f"or set roles.{need.role}.frames"
            )
        return ceil(max(0, tokens - bare) / need.frames)

    async def _why(self, need: RoleNeed, traits: ServerTraits, failed: CallFailedError) -> EndpointError:
        """Why a model cannot be shown all frames: it sees none, or its context is too small."""
        role = self._setup.roles.of(need.role)
        try:
            await self._shown(replace(need, frames=1, reply_tokens=_SHORT_REPLY), traits)
        except CallFailedError as also:
            return EndpointError(
                f"{role.model} cannot be shown frames as {role.frames}: {also}; name a vision model in "
                f"roles.{need.role}.model, or set roles.{need.role}.frames"
            )
        return EndpointError(
            f"{role.model} takes 1 frame but not {need.frames} of short side {self._short_side} with a reply of "
            f"{need.reply_tokens} tokens: {failed}; start its server with a larger context (vLLM: --max-model-len, "
            "--limit-mm-per-prompt), or lower decode.num_frames or decode.short_side"
        )

    async def _shown(self, need: RoleNeed, traits: ServerTraits) -> Completion:
        shown = _grey_frames(need.frames, self._short_side)
        asked = _request(need.role, _SHORT, max_tokens=need.reply_tokens)
        return await self._call(replace(asked, shown=shown, choices=()), traits)

    async def _call(self, asked: ChatRequest, traits: ServerTraits) -> Completion:
        return await self._sender.complete(Dialogue(asked, asked.text), traits, 1)

    def _unusable(self, role: ModelRole, failed: CallFailedError) -> EndpointError:
        named = self._setup.roles.of(role)
        where = self._setup.addresses[named.server] or "its server"
        return EndpointError(
            f"{named.model} cannot be asked at {where}: {failed}; check roles.{role}.model, the address and the key"
        )


def _read(file: Location) -> ProbeFile:
    return ProbeFile.model_validate_json(file.read_bytes()) if file.is_file() else ProbeFile()


def _request(role: ModelRole, text: str, *, max_tokens: int) -> ChatRequest:
    return ChatRequest(role, text, prompt_hash="", shown=NO_FRAMES, max_tokens=max_tokens, choices=("OK",))


def _is_json(completion: Completion) -> bool:
    text = completion.texts[0].strip()
    try:
        return text.startswith("{") and text.endswith("}") and bool(reply_json(text, _SCHEMA.schema))
    except ValueError:
        return False


def _grey_frames(count: int, short_side: int) -> ChatFrames:
    """Frames as the recipe makes them, one a second, each of another shade."""
    return ChatFrames(tuple(_frame(number, short_side) for number in range(count)))


def _frame(number: int, short_side: int) -> Frame:
    content = io.BytesIO()
    Image.new("RGB", (round(_SHAPE * short_side), short_side), (number * 7 % 256,) * 3).save(content, "JPEG")
    return Frame(pts_seconds=float(number), jpeg=content.getvalue())
