"""Rows that others have published, read as groups for an audit, by the readers of `vidpref import`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.audit.contamination import NamedPairs
from pipeline.audit.finding import Finding
from pipeline.blind_readers.groups import BlindGroup
from pipeline.importers.item import FoundQuestion
from pipeline.importers.registry import source_named
from pipeline.importers.rows import SourceFile
from pipeline.importers.source import Source
from pipeline.storage.location import Location, filesystem_error
from schemas.counted import counted
from schemas.errors import SourceError
from schemas.pair import normalise_text
from schemas.shown import AS_STORED

_ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".parquet")
_NO_ROWS = frozenset(("export.json", "left_out.jsonl", "dataset_info.json", "state.json"))
"""Files beside the rows of an export of ours, of LLaMA-Factory, and of `datasets`, that say something about them."""


@dataclass(frozen=True)
class ForeignRows:
    """What files of a format hold: seen = kept + left out, counted by question."""

    groups: tuple[BlindGroup, ...]
    """Questions with a right answer and wrong ones."""
    left_out: Counter[str]
    """Questions that cannot be audited, by reason."""
    unnamed: int
    """Questions whose row names no video: each counts as about a video of its own."""

    @property
    def findings(self) -> Iterator[Finding]:
        """What a reader of the report has to know of the rows."""
        for reason, count in self.left_out.items():
            yield Finding(
                topic="rows",
                says=f"{counted(count, 'question')} left out: {reason}",
                do="mend these rows; they are in no number of this audit",
            )
        if self.unnamed:
            yield Finding(
                topic="rows",
                says=f"{counted(self.unnamed, 'question')} of rows without a video: each counts as one of its own, so "
                "that repeated texts make readers look better than they are",
                do="name the video of each row",
            )

    def videos(self) -> dict[str, NamedPairs]:
        """Every video, by the name that the rows give it."""
        pairs: Counter[str] = Counter()
        for group in self.groups:
            pairs[group.video_id] += len(group.texts) - 1
        return {name: NamedPairs((name,), count) for name, count in pairs.items()}


def read_foreign(path: str, format_name: str) -> ForeignRows:
    """The questions of a file, or of all files in a folder.

    Rows with the same video, question and right answer are one group. Raises SourceError if the format is unknown, if
    a file is not of it, or if no question can be audited.
    """
    source = source_named(format_name)
    texts: dict[tuple[str, str, str], dict[str, int]] = {}
    left_out: Counter[str] = Counter()
    unnamed = 0
    for place in _files(path):
        for number, item in enumerate(source.read(SourceFile(place)), start=1):
            if not isinstance(item.found, FoundQuestion):
                continue  # boxes and captions have no answers
            if (reason := _unfit(item.found)) is not None:
                left_out[reason] += 1
                continue
            named = item.video.id.strip()
            unnamed += not named
            key = named or f"row {number} of {place}", item.found.question.strip(), (item.found.answer or "").strip()
            for at, text in enumerate(item.found.wrong):
                if normalise_text(text) not in ("", normalise_text(key[2])):
                    texts.setdefault(key, {}).setdefault(text.strip(), at)
    if not texts:
        reasons = ", ".join(f"{count} with {reason}" for reason, count in left_out.items()) or "there is none"
        raise SourceError(f"{path}: no question can be audited ({reasons}); {source.name} reads {source.files}")
    groups = tuple(_group(str(n), source, *key, wrong) for n, (key, wrong) in enumerate(texts.items()))
    return ForeignRows(groups, left_out, unnamed)


def _files(path: str) -> list[str]:
    place = Location.parse(path)
    if place.is_file():
        return [path]
    try:
        names = [entry.path.removeprefix(f"{place.path}/") for entry in place.entries()]
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {filesystem_error(error)}") from error
    is_of_rows = (name.lower().endswith(_ENDINGS) and name.rpartition("/")[2] not in _NO_ROWS for name in names)
    found = [str(place / name) for name, wanted in zip(names, is_of_rows, strict=True) if wanted]
    if not found:
        raise SourceError(f"{path} is neither a file nor a folder with files that end with {', '.join(_ENDINGS)}")
    return found


def _unfit(found: FoundQuestion) -> str | None:
    """Why a question cannot be audited; None if it can."""
    if found.answer is None or not normalise_text(found.answer):
        return "no right answer"
    wrong = {normalise_text(text) for text in found.wrong} - {""}
    if not wrong:
        return "no wrong answer"
    return "no wrong answer that differs from the right one" if wrong == {normalise_text(found.answer)} else None


def _group(group_id: str, source: Source, video: str, question: str, answer: str, wrong: dict[str, int]) -> BlindGroup:
    kinds = source.wrong_kinds
    return BlindGroup(
        group_id=group_id,
        video_id=video,
        shown=(video, AS_STORED),
        axis=None,
        question=question,
        texts=(answer, *wrong),
        kinds=tuple(kinds[place] if place < len(kinds) else None for place in wrong.values()),
    )
