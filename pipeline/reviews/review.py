"""The review of one reviewer: what is said of each pair, how it is changed, and how a change is undone."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import TypedDict

from pipeline.reviews.folder import ReviewFolder
from schemas.human_verdict import HumanVerdict, Judgement


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

    The file is read again before each change, so that two programs of one reviewer lose nothing of each other.
    """

    def __init__(self, folder: ReviewFolder, reviewer: str, clock: Callable[[], str] = utc_now) -> None:
        self.folder, self.reviewer = folder, reviewer
        self._clock, self._lock = clock, Lock()
        self._verdicts = folder.read(reviewer)
        self._undo: list[tuple[str, HumanVerdict | None]] = []

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
        found = self._verdicts.get(pair_id)
        return found if found is not None and found.texts_sha256 == texts_sha256 else None

    def say(self, pair_id: str, texts_sha256: str, change: Change) -> HumanVerdict:
        """Change what is said of a pair. OutputError if it cannot be written: then nothing is changed."""
        with self._lock:
            before = self.of(pair_id, texts_sha256)
            base = before or HumanVerdict(
                pair_id=pair_id, texts_sha256=texts_sha256, reviewer=self.reviewer, judged_at=self._clock()
            )
            after = HumanVerdict.model_validate(base.model_dump() | dict(change) | {"judged_at": self._clock()})
            self._write(pair_id, after)
            self._undo.append((pair_id, before))
            return after

    def undo(self) -> str | None:
        """Take the last change of this run back; the pair that it was about, or None if there is none."""
        with self._lock:
            if not self._undo:
                return None
            pair_id, before = self._undo[-1]
            self._write(pair_id, before)
            self._undo.pop()
            return pair_id

    def _write(self, pair_id: str, verdict: HumanVerdict | None) -> None:
        kept = self.folder.read(self.reviewer)
        if verdict is None or verdict.says_nothing:
            kept.pop(pair_id, None)
        else:
            kept[pair_id] = verdict
        self.folder.write(self.reviewer, kept.values())
        self._verdicts = kept
