"""The cache of replies."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.endpoint.reply_cache import ReplyCache, reply_key
from pipeline.endpoint.settings import RoleModel
from pipeline.storage.location import Location
from schemas.clip import Frame
from stages.models.chat import ChatFrames, ChatReply, ChatRequest, ModelRole, ReplySchema, ReplyTruncated
from stages.models.chat_body import FramesAs

MODEL = RoleModel(model="m")
FRAMES = (Frame(pts_seconds=0.0, jpeg=b"one"), Frame(pts_seconds=1.0, jpeg=b"two"))
ASKED = ChatRequest(
    ModelRole.JUDGE, "text", "h", shown=ChatFrames(FRAMES), reply=ReplySchema("r", {"type": "object"}), choices=("A",)
)
REPLY = ChatReply(texts=("yes",), finish_reasons=("stop",), model="m")


def cache_in(folder: Path) -> ReplyCache:
    return ReplyCache(Location.parse(str(folder)))


def test_all_that_may_change_a_reply_is_in_its_key() -> None:
    """Text, prompt, frames, their order and times, schema, parameters, model, adapter and how frames are sent."""
    requests = [
        ASKED,
        replace(ASKED, text="other"),
        replace(ASKED, prompt_hash="i"),
        replace(ASKED, shown=ChatFrames(FRAMES[::-1])),
        replace(ASKED, shown=ChatFrames(FRAMES, (0.0, 2.0))),
        replace(ASKED, reply=None),
        replace(ASKED, reply=ReplySchema("r", {"type": "array"})),
        replace(ASKED, max_tokens=1),
        replace(ASKED, temperature=0.5),
        replace(ASKED, top_p=0.9),
        replace(ASKED, n=2),
        replace(ASKED, seed=1),
        replace(ASKED, choices=("B",)),
    ]
    models = [
        RoleModel(model="n"),
        RoleModel(model="m", adapter_sha256="a"),
        RoleModel(model="m", frames=FramesAs.VIDEO),
        RoleModel(model="m", checkpoint="here", checkpoint_sha256="c"),
        RoleModel(model="m", checkpoint="here", checkpoint_sha256="d"),
    ]
    keys = [reply_key(request, MODEL, "repair") for request in requests]
    keys += [reply_key(ASKED, model, "repair") for model in models] + [reply_key(ASKED, MODEL, "another repair")]
    assert len(set(keys)) == len(keys)


def test_neither_the_role_nor_the_server_is_in_the_key() -> None:
    """A reply serves another machine, and another role of the same model."""
    elsewhere = RoleModel(model="m", server="other")
    assert reply_key(ASKED, MODEL, "r") == reply_key(replace(ASKED, role=ModelRole.WRITER), elsewhere, "r")
    here, there = (RoleModel(model="m", checkpoint=path, checkpoint_sha256="c") for path in ("here", "there"))
    assert reply_key(ASKED, here, "r") == reply_key(ASKED, there, "r")


def test_a_key_is_what_it_was() -> None:
    """Replies that were paid are found again: what is not set is not in the key."""
    assert reply_key(ASKED, MODEL, "r") == "538fed10befd1c3ddf274c06c3cc6795017806f7bb0b508f7264fd8827071910"


def test_the_first_reply_stays(tmp_path: Path) -> None:
    """Of two workers that ask the same at the same time, both use what was stored first, as a later run will."""
    cache, other = cache_in(tmp_path), REPLY.model_copy(update={"texts": ("no",)})
    assert cache.put("key", REPLY) == REPLY
    assert cache.put("key", other) == REPLY
    assert cache.get("key") == REPLY


def test_a_cache_can_be_copied(tmp_path: Path) -> None:
    """The folder holds all there is."""
    cache_in(tmp_path / "a").put("key", REPLY)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    assert cache_in(tmp_path / "b").get("key") == REPLY


@pytest.mark.parametrize("content", [b"", b'{"texts": ["ye', b"{}"])
def test_a_file_that_is_not_whole_is_no_reply(tmp_path: Path, content: bytes) -> None:
    """A machine that lost power may leave one; the next reply takes its place."""
    cache = cache_in(tmp_path)
    cache.put("key", REPLY)
    (tmp_path / "ke" / "key.json").write_bytes(content)
    assert cache.get("key") is None
    assert cache.put("key", REPLY) == REPLY
    assert cache.get("key") == REPLY


def test_what_cannot_be_used_is_kept_apart(tmp_path: Path) -> None:
    """It is never a reply; an offline run finds why its item was dropped."""
    cache = cache_in(tmp_path)
    assert cache.unusable("key") is None
    cache.keep_unusable("key", ReplyTruncated(ModelRole.JUDGE, "half a"))
    assert cache.get("key") is None
    failure = cache.unusable("key")
    assert isinstance(failure, ReplyTruncated)
    assert (failure.role, failure.raw) == (ModelRole.JUDGE, "half a")
