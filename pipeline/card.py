"""dataset.json becomes a data set card that Hugging Face and people can read."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from pipeline.finalise import KeptVideo
from schemas.dataset import DatasetManifest
from schemas.drop import ItemType

_TABLES = ("pairs", "clips", "drops")
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def data_card(manifest: DatasetManifest, videos: Iterable[KeptVideo]) -> str:
    """README.md of a set of those videos."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 Markdown, not HTML
    template = environment.from_string(files("pipeline").joinpath("card.md.jinja").read_text())
    rows = {table: _rows(manifest, table) for table in _TABLES}
    video = manifest.account.line(ItemType.VIDEO)
    return template.render(
        manifest=manifest,
        rows=rows,
        size=_size(rows["pairs"]),
        video=video,
        tables=_TABLES,
        counts=_counts(videos),
    )


def _counts(videos: Iterable[KeptVideo]) -> dict[str, list[tuple[str, int]]]:
    """How many pairs there are of each kind, the commonest first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for video in videos:
        for group in video.groups:
            for rejected in group.rejected:
                found["axis"][group.axis] += 1
                found["question type"][group.question_type] += 1
                found["predicate"][group.chosen.claim.predicate] += 1
                found["kind of rejection"][rejected.rejected_kind or ""] += 1
                found["visual edit"][group.visual_edit] += 1
                found["split"][video.split] += 1
    return {name: sorted(count.items(), key=lambda item: (-item[1], item[0])) for name, count in found.items()}


def _rows(manifest: DatasetManifest, table: str) -> int:
    return sum(shard.rows for shard in manifest.shards if shard.path.startswith(f"{table}/"))


def _size(rows: int) -> str:
    return next((name for limit, name in _SIZES if rows < limit), "n>1M")
