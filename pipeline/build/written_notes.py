"""What was asked of language models and what came of it: segment twins, types of questions, and what labels rest on."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.build.recipe import Recipe
from pipeline.dataset.finished_set import FinishedSet
from prompts.topics import topics
from schemas.drop import Drop, ItemType
from schemas.pair import OWN_WRITERS, Grounds, grounds_of
from stages.alone.stretches import LEAST_CLIP_SECONDS
from stages.language.segment_twins import TWIN_SLOT

_LEAST_TWINS = 0.3
"""Share of the groups about long enough clips that should be segment twins."""
_MISSED = 0.75
"""A type of question with less than this part of the share that was asked for is reported."""
_COLUMNS = ("group_id", "clip_id", "question_model", "question_type", "shown", "verdicts")


@dataclass
class _Written:
    """The groups of language models, counted."""

    long_clips: int = 0
    """Those about clips that are long enough for twins."""
    twins: int = 0
    """Those of them that show a stretch alone."""
    types: Counter[str] = field(default_factory=Counter)
    """The others, by type of question."""
    grounds: Counter[Grounds] = field(default_factory=Counter)
    """The pairs of all of them."""


def written_grounds(opened: FinishedSet) -> Iterator[str]:
    """A line about what labels rest on; none if no language model wrote anything. Raises DatasetError."""
    found = _counted(opened).grounds if Recipe.of(opened.manifest).generate.asks_models else Counter[Grounds]()
    if found:
        parts = (f"{count} are {grounds.value}" for grounds, count in sorted(found.items()))
        yield f"of {found.total()} pairs by language models {' and '.join(parts)}"


def missed_by_models(opened: FinishedSet) -> Iterator[str]:
    """One line for each aim that what language models wrote misses. Raises DatasetError."""
    recipe = Recipe.of(opened.manifest)
    if not recipe.generate.asks_models:
        return
    found = _counted(opened)
    if not found.grounds:
        return
    if recipe.ask.twin_questions and found.long_clips:
        share = found.twins / found.long_clips
        refused = _refused(opened)
        left_out = ", ".join(f"{reason} {count}" for reason, count in sorted(refused.items())) or "nothing"
        yield (
            f"segment twins are {share:.0%} of the groups by language models about clips of {LEAST_CLIP_SECONDS:g} s "
            f"and more (aim: at least {_LEAST_TWINS:.0%}); left out: {left_out}"
        )
    if not recipe.ask.annotated:
        yield from _missed_types(found.types, recipe.ask.topics)


def _counted(opened: FinishedSet) -> _Written:
    long = {
        row["clip_id"]
        for part in opened.tables("clips", ("clip_id", "start_seconds", "end_seconds"))
        for row in part.to_pylist()
        if row["end_seconds"] - row["start_seconds"] >= LEAST_CLIP_SECONDS
    }
    found, seen = _Written(), set[str]()
    for part in opened.tables("pairs", _COLUMNS):
        for row in part.to_pylist():
            if row["question_model"] in OWN_WRITERS:
                continue
            found.grounds[grounds_of(verdict["check"] for verdict in row["verdicts"])] += 1
            if row["group_id"] in seen:
                continue
            seen.add(row["group_id"])
            alone = row["shown"]["segment_id"] is not None
            found.long_clips += row["clip_id"] in long
            found.twins += alone and row["clip_id"] in long
            if not alone:
                found.types[row["question_type"]] += 1
    return found


def _refused(opened: FinishedSet) -> Counter[str]:
    """Why twin questions are not in the set."""
    drops = (drop for drop in opened.records(Drop, "drops") if drop.item_type is ItemType.QUESTION)
    return Counter(drop.reason.value.replace("_", " ") for drop in drops if TWIN_SLOT in drop.item_id)


def _missed_types(types: Counter[str], asked: Mapping[str, float]) -> Iterator[str]:
    """Types of questions that have a smaller share than they were asked for."""
    wanted: dict[str, float] = defaultdict(float)
    for name, share in asked.items():
        wanted[topics()[name].question_type.value] += share
    for name, share in sorted(wanted.items()):
        aim, found = share / sum(wanted.values()), types[name] / max(1, types.total())
        if found < _MISSED * aim:
            yield f"questions about {name} are {found:.0%} of those of language models (asked for: {aim:.0%})"
