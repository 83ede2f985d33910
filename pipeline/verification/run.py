"""`vidpref verify`: a finished set is proven again from what is stored, one line per failure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.accounts import account_failures
from pipeline.verification.clips import ClipShelf
from pipeline.verification.files import file_failures
from pipeline.verification.pairs import PairCheck
from schemas.counted import counted
from schemas.drop import ItemType
from schemas.errors import DatasetError
from schemas.problems import one_line, printable
from stages.verify import VerifyClaims


@dataclass(frozen=True)
class VerifyOptions:
    """What `vidpref verify` is asked for."""

    dataset: str
    as_json: bool = False


def run_verify(console: Console, options: VerifyOptions) -> None:
    """Check a set and print every failure. Raises DatasetError if there is a failure, or no set."""
    dataset, as_json = options.dataset, options.as_json
    opened = FinishedSet.open(dataset)
    found = []
    for failure in failures(opened):
        found.append(failure)
        if not as_json:
            console.print(printable(failure), markup=False, highlight=False, soft_wrap=True)
    counts = opened.rows()
    if as_json:
        console.print_json(json.dumps({"failures": found, "rows": counts}))
    if found:
        raise DatasetError(f"{dataset} is not what it says: {len(found)} failures")
    if not as_json:
        console.print(
            f"{dataset} holds: {counted(counts['pairs'], 'pair')} proven from {counted(counts['clips'], 'clip')}, "
            f"{counted(counts['drops'], 'drop')}, and the account adds up",
            markup=False,
            soft_wrap=True,
        )


def failures(opened: FinishedSet) -> Iterator[str]:
    """Everything that is wrong with a set, one line each: files, clips, pairs with their claims, the account.

    Holds a few clips and the ids of all rows in memory.
    """
    yield from file_failures(opened)
    shelf = ClipShelf(opened, _stage_of(opened).proof)
    yield from shelf.fill()
    pairs = PairCheck(opened, shelf)
    yield from pairs.failures()
    for clip_id in sorted(shelf.ids - pairs.clips):
        yield f"clip {clip_id}: no pair speaks of it"
    kept = {
        ItemType.VIDEO: len(pairs.videos),
        ItemType.CLIP: len(shelf.ids),
        ItemType.PAIR: pairs.count,
        ItemType.QUESTION: pairs.questions,
    }
    yield from account_failures(opened, kept, pairs.videos)


def _stage_of(opened: FinishedSet) -> VerifyClaims:
    """The proof as the set's recipe asks for it."""
    try:
        return VerifyClaims.model_validate(opened.manifest.recipe.get("verify", {}))
    except ValidationError as error:
        raise DatasetError(f"{opened.location}: the recipe in dataset.json is damaged: {one_line(error)}") from error
