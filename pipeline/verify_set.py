"""`vidpref verify`: a finished set is proven again from what is stored, one line per failure."""

import json
from collections.abc import Iterator

from pydantic import ValidationError
from rich.console import Console

from pipeline.dataset import FinishedSet, one_line
from pipeline.verification.accounts import account_failures
from pipeline.verification.clips import ClipShelf
from pipeline.verification.files import file_failures
from pipeline.verification.pairs import PairCheck
from schemas.drop import ItemType
from schemas.errors import DatasetError
from stages.verify import VerifyClaims

DAMAGED = 2
"""Exit status of a set that is not what it says."""


def run_verify(console: Console, *, dataset: str, as_json: bool = False) -> int:
    """Verify the set at a path or address; gives 0, or 2 where anything failed. DatasetError where it is no set."""
    opened = FinishedSet.open(dataset)
    found = []
    for failure in failures(opened):
        if as_json:
            found.append(failure)
        else:
            console.print(failure, markup=False, highlight=False, soft_wrap=True)
            found.append("")
    counts = {table: sum(shard.rows for shard in opened.shards(table)) for table in ("pairs", "clips", "drops")}
    if as_json:
        console.print_json(json.dumps({"failures": found, "rows": counts}))
    elif found:
        console.print(f"{len(found)} failures: {dataset} is not what it says", markup=False, soft_wrap=True)
    else:
        console.print(
            f"{dataset} holds: {counts['pairs']} pairs proven from {counts['clips']} clips, "
            f"{counts['drops']} drops, and the account adds up",
            markup=False,
            soft_wrap=True,
        )
    return DAMAGED if found else 0


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
