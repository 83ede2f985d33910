"""`vidpref verify`: checks a finished set against what it stores and prints one line per failure."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console

from pipeline.build.recipe import Recipe
from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.accounts import account_failures
from pipeline.verification.clips import StoredClips
from pipeline.verification.comparisons import comparison_failures
from pipeline.verification.failure import SetFailure
from pipeline.verification.files import file_failures
from pipeline.verification.pairs import PairCheck
from schemas.counted import counted
from schemas.drop import ItemType
from schemas.errors import DatasetError
from schemas.problems import printable


@dataclass(frozen=True)
class VerifyOptions:
    """What `vidpref verify` is asked for."""

    dataset: str
    as_json: bool = False


def run_verify(console: Console, options: VerifyOptions) -> None:
    """Check a set and print every failure. Raises DatasetError if there is a failure, or no set."""
    opened = FinishedSet.open(options.dataset)
    lines = []
    for failure in failures(opened):
        lines.append(printable(str(failure)))
        if not options.as_json:
            console.print(lines[-1], markup=False, highlight=False, soft_wrap=True)
    rows = opened.rows()
    if options.as_json:
        console.print_json(data={"failures": lines, "rows": rows})
    if lines:
        raise DatasetError(f"{options.dataset} is damaged: {counted(len(lines), 'failure')}")
    if not options.as_json:
        console.print(
            f"{options.dataset} passes: {counted(rows['pairs'], 'pair')} proven again from "
            f"{counted(rows['clips'], 'clip')}; files, {counted(rows['drops'], 'drop')} and account agree",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def failures(opened: FinishedSet) -> Iterator[SetFailure]:
    """Everything that is wrong with a set: files, clips, pairs with their proofs, the account.

    Keeps a few clips in memory, and the ids of all clips and hashes of all pair ids.
    """
    yield from file_failures(opened)
    clips = StoredClips(opened, Recipe.of(opened.manifest).verify.proof)
    yield from clips.check_all()
    pairs = PairCheck(opened, clips)
    yield from pairs.failures()
    for clip_id in sorted(clips.ids - pairs.clip_ids):
        yield SetFailure(f"clip {clip_id}", "no pair refers to it")
    yield from comparison_failures(opened, pairs.count)
    kept = {
        ItemType.VIDEO: len(pairs.videos),
        ItemType.CLIP: len(clips.ids),
        ItemType.PAIR: pairs.count,
        ItemType.QUESTION: pairs.groups.questions,
    }
    yield from account_failures(opened, kept, pairs.videos)
