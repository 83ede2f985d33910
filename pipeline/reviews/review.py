"""The review of one reviewer: what is said of each pair, how it is changed, and how a change is undone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import TypedDict, TypeVar

from pipeline.reviews.folder import ReviewFolder
from schemas.human_verdict import HumanVerdict, Judgement

T = TypeVar("T")


class Change(TypedDict, total=False):
    """What is said anew of a pair; what is not named stays as it is."""

    judgement: Judgement | None
    is_worth: bool | None
    note: str
    picked_chosen: bool | None


def utc_now() -> str:
    """The time of day, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Review:
    """The verdicts of one reviewer, written after each change. Several threads may use it.

    The file is read again before each change, and locked meanwhile, so that two programs of one reviewer lose nothing
    of each other. An object store has no locks: what the other program wrote over is written again with the next
    change.
    """

    def __init__(self, folder: ReviewFolder, reviewer: str, clock: Callable[[], str] = utc_now) -> None:
        self.folder, self.reviewer = folder, reviewer
        self._clock, self._lock = clock, Lock()
        self._verdicts = folder.read(reviewer)
        self._undo: list[tuple[str, HumanVerdict | None]] = []
        self._own: dict[str, HumanVerdict] = {}  # what was said in this run

    @property
    def verdicts(self) -> Mapping[str, HumanVerdict]:
        """What is said, by pair id."""
        return self._verdicts

    @property
    def can_undo(self) -> bool:
        """Whether a change of this run can be taken back."""
        return bool(self._undo)

    def of(self, pair_id: str, texts_sha256: str) -> HumanVerdict | None:
        """What is said of a pair with these texts."""
        return _with_texts(self._verdicts.get(pair_id), texts_sha256)

    def say(self, pair_id: str, texts_sha256: str, change: Change) -> HumanVerdict:
        """Change what is said of a pair. OutputError if it cannot be written: then nothing is changed."""

        def said(kept: dict[str, HumanVerdict]) -> tuple[HumanVerdict | None, HumanVerdict]:
            before = _with_texts(kept.get(pair_id), texts_sha256)
            base = before or HumanVerdict(
                pair_id=pair_id, texts_sha256=texts_sha256, reviewer=self.reviewer, judged_at=self._clock()
            )
            after = HumanVerdict.model_validate(base.model_dump() | dict(change) | {"judged_at": self._clock()})
            _put(kept, pair_id, after)
            return before, after

        with self._lock:
            before, after = self._change(pair_id, said)
            self._undo.append((pair_id, before))
            return after

    def undo(self) -> str | None:
        """Take the last change of this run back; the pair that it was about, or None if there is none."""
        with self._lock:
            if not self._undo:
                return None
            pair_id, before = self._undo[-1]
            self._change(pair_id, lambda kept: _put(kept, pair_id, before))
            self._undo.pop()
            return pair_id

    def _change(self, pair_id: str, change: Callable[[dict[str, HumanVerdict]], T]) -> T:
        """Change what is kept of a pair, beside what another program of this reviewer has written in the meantime."""

        def changed(kept: dict[str, HumanVerdict]) -> T:
            for other, own in self._own.items() if not self.folder.location.is_local else ():
                if other not in kept or kept[other].judged_at < own.judged_at:
                    kept[other] = own  # another program has written over it
            return change(kept)

        self._verdicts, result = self.folder.change(self.reviewer, changed)
        self._own.pop(pair_id, None)
        if pair_id in self._verdicts:
            self._own[pair_id] = self._verdicts[pair_id]
        return result


def _with_texts(verdict: HumanVerdict | None, texts_sha256: str) -> HumanVerdict | None:
    return verdict if verdict is not None and verdict.texts_sha256 == texts_sha256 else None


def _put(kept: dict[str, HumanVerdict], pair_id: str, verdict: HumanVerdict | None) -> None:
    """Keep a verdict in place of another; one that says nothing is none."""
    kept.pop(pair_id, None)
    if verdict is not None and not verdict.says_nothing:
        kept[pair_id] = verdict
