"""What language models replied, found by the texts of a pair: rows do not say which replies they come from."""

import json
from collections.abc import Sequence
from threading import Lock

from pydantic import ValidationError

from pipeline.storage.location import Location
from schemas.problems import one_line
from stages.models.chat import ChatReply

_MOST_FILES = 100_000
"""Replies that are read; in a larger folder the first ones by name."""
_MOST_FOUND = 20


class RawReplies:
    """The kept replies of a set's build, read when they are first asked for. Several threads may use it."""

    def __init__(self, folder: Location) -> None:
        self._folder = folder
        self._lock = Lock()
        self._kept: list[tuple[str, str]] | None = None

    def holding(self, texts: Sequence[str]) -> list[dict[str, str]]:
        """Replies that hold one of these texts: the model, the text that is held, and the reply; at most 20."""
        wanted = {text: json.dumps(text, ensure_ascii=False)[1:-1] for text in texts}
        found = []
        for model, reply in self._replies():
            held = next((text for text, escaped in wanted.items() if escaped in reply or text in reply), None)
            if held is not None:
                found.append({"model": model, "holds": held, "reply": reply[:4_000]})
        return found[:_MOST_FOUND]

    def _replies(self) -> list[tuple[str, str]]:
        with self._lock:
            if self._kept is None:
                self._kept = list(self._read())
            return self._kept

    def _read(self) -> list[tuple[str, str]]:
        kept = []
        try:
            entries = [e for e in self._folder.entries() if e.path.endswith(".json") and "/unusable/" not in e.path]
        except OSError as error:
            return [("-", f"the replies cannot be read: {one_line(error)}")]
        for entry in entries[:_MOST_FILES]:
            try:
                reply = ChatReply.model_validate_json(Location(self._folder.filesystem, entry.path).read_bytes())
            except (OSError, ValidationError):  # a reply that was cut off by a full disk, or another program's file
                continue
            kept += [(reply.model, text) for text in reply.texts]
        return kept
