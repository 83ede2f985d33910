"""Replies kept by what was asked: a reply is stored before it is used, so that it is paid once and the same for ever.

One file for each reply, so that the folder can be copied to another machine, or lie on a store. What is not usable is
kept beside them for people to read; a run with a network never uses it.
"""

import hashlib
import json
import os
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from pipeline.endpoint.settings import RoleModel
from pipeline.storage.disk_full import explain_full_disk
from pipeline.storage.location import Location
from schemas.drop import DropReason
from schemas.record import Record
from stages.models.chat import ChatReply, ChatRequest, ModelRole, NoReply, no_reply

_FORM = 1
"""Goes up when the same request would be sent in another form."""


def reply_key(request: ChatRequest, model: RoleModel, repair_hash: str) -> str:
    """SHA-256, hex, of all that may change a reply: model, adapter, frames, texts, schema and parameters.

    Neither the address nor what its server can do is part of it, so that a reply serves another machine.
    """
    reply = request.reply
    content = {
        "form": _FORM,
        "model": model.model,
        "adapter": model.adapter_sha256,
        "frames_as": model.shown_as.value if request.shown.frames else None,
        "frames": request.shown.sha256,
        "text": request.text,
        "prompts": [request.prompt_hash, repair_hash],
        "reply": None if reply is None else [reply.name, reply.schema],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "n": request.n,
        "seed": request.seed,
        "choices": request.choices,
    }
    if request.top_p < 1:  # so that the keys of all other requests stay what they were
        content["top_p"] = request.top_p
    if request.some_suffice:
        content["some_suffice"] = True
    if model.checkpoint_sha256 is not None:
        content["checkpoint"] = model.checkpoint_sha256
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class ReplyCache:
    """A folder of replies."""

    def __init__(self, folder: Location) -> None:
        self._folder = folder

    def get(self, key: str) -> ChatReply | None:
        """The reply to a request, if there is one that is whole."""
        try:
            return ChatReply.model_validate_json(self._place(key).read_bytes())
        except (FileNotFoundError, ValidationError):  # a machine that lost power may leave an empty file
            return None

    def put(self, key: str, reply: ChatReply) -> ChatReply:
        """Store a reply unless there is one; returns the one that is stored then, which is the one to use.

        So two workers that ask the same use the same reply, as a later run from the cache will.
        """
        content, place = reply.model_dump_json().encode(), self._place(key)
        with explain_full_disk(f"the reply cache {self._folder}"):
            if place.is_local and _created(Path(place.path), content):
                return reply
            if (earlier := self.get(key)) is not None:
                return earlier
            place.write_bytes(content)  # on a store, or in the place of a file that is not whole
            return reply

    def keep_unusable(self, key: str, failure: NoReply) -> None:
        """Keep what a model replied that cannot be used, for people to read."""
        kept = _Unusable(role=failure.role, reason=failure.reason, reply=failure.raw)
        with explain_full_disk(f"the reply cache {self._folder}"):
            self._place_of_unusable(key).write_bytes(kept.model_dump_json().encode())

    def unusable(self, key: str) -> NoReply | None:
        """The failure of an earlier run, so that an offline run drops what that run dropped; None if there is none."""
        try:
            kept = _Unusable.model_validate_json(self._place_of_unusable(key).read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        return no_reply(kept.reason)(kept.role, kept.reply)

    def _place_of_unusable(self, key: str) -> Location:
        return self._folder / "unusable" / f"{key}.json"

    def _place(self, key: str) -> Location:
        return self._folder / key[:2] / f"{key}.json"


class _Unusable(Record):
    """What a model replied that cannot be used."""

    role: ModelRole
    reason: DropReason
    reply: str


def _created(path: Path, content: bytes) -> bool:
    """Write a file whole, unless one is there. It is not flushed to the disk: a reply that is lost is asked again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid4().hex}.partial")
    try:
        partial.write_bytes(content)
        os.link(partial, path)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    return True
