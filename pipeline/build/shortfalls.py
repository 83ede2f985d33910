"""The aims of its recipe that a finished set misses, since it has too few videos or too similar ones."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean

from pipeline.build.recipe import Recipe
from pipeline.build.round_notes import missed_by_judge
from pipeline.build.written_notes import missed_by_models
from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import overview
from pipeline.finalise.difficulty import quarter_of
from schemas.claim import ABOUT_EDITS
from schemas.group import DESCRIPTION
from stages.facts.speech import MIDDLE

_CLAIM_COLUMNS = ("chosen_claims.list.element.predicate", "chosen_claims.list.element.value")
_QUARTERS = ("the easiest", "the second", "the third", "the hardest")
_ENOUGH_PAIRS = 10
"""A theme with fewer pairs is not reported as one-sided."""
_ONE_SIDED = 0.9
"""Share of a theme's pairs from which on one true value is reported."""


def shortfalls(opened: FinishedSet) -> Iterator[str]:
    """One line per missed aim. Raises DatasetError if the set is damaged."""
    recipe = Recipe.of(opened.manifest)
    if recipe.generate.writer == "self":
        yield from missed_by_judge(opened)
        return
    found, config = overview(opened), recipe.finalise
    total = found.rows["pairs"]
    if not total:
        return
    values = _true_values(opened)
    themes = {theme: of_theme.total() for theme, of_theme in values.items()}
    for theme, count in sorted(themes.items(), key=lambda item: (-item[1], item[0])):
        if count > config.max_predicate_share * total + 1:
            aim = f"aim: at most {config.max_predicate_share:.0%}"
            yield f"{_words(theme)} is in {count / total:.0%} of the pairs ({aim})"
    for axis, count in found.counts["axis"].items():
        if count < config.min_axis_share * total - 1:
            yield f"{_words(axis)} is {count / total:.0%} of the pairs (aim: at least {config.min_axis_share:.0%})"
    yield from missed_by_models(opened)
    yield from _one_sided(values)
    yield from _thin_quarters(opened, config.min_quarter_share)


def _true_values(opened: FinishedSet) -> Mapping[str, Counter[str | None]]:
    """For each theme (see `schemas.group.theme_of`), its pairs by their true value."""
    found: dict[str, Counter[str | None]] = defaultdict(Counter)
    for part in opened.tables("pairs", ("question_type", *_CLAIM_COLUMNS)):
        types, claims = (part.column(name).to_pylist() for name in ("question_type", "chosen_claims"))
        for question_type, asserted in zip(types, claims, strict=True):
            value = asserted[0]["value"] if len(asserted) == 1 else None
            found[_theme(question_type, asserted)]["middle" if value in MIDDLE else value] += 1
    return found


def _theme(question_type: str, asserted: Sequence[Mapping[str, str]]) -> str:
    if len(asserted) > 1:
        return DESCRIPTION
    return asserted[0]["predicate"] if asserted else question_type


def _one_sided(values: Mapping[str, Counter[str | None]]) -> Iterator[str]:
    """Themes with nearly always the same true value: a reader of the set can answer them without the video.

    Not those of planted edits, whose siblings differ in the part of the clip, and not in the value.
    """
    for theme, of_theme in sorted(values.items()):
        if theme in ABOUT_EDITS:
            continue
        total = of_theme.total()
        for value, count in sorted((value, count) for value, count in of_theme.items() if value):
            if total >= _ENOUGH_PAIRS and count >= _ONE_SIDED * total:
                yield (
                    f"{_words(theme)}: '{value}' is the true answer in {count} of {total} pairs; "
                    "add videos in which another answer is true"
                )


def _thin_quarters(opened: FinishedSet, least: float) -> Iterator[str]:
    """Quarters of difficulty, of which the set has too few questions."""
    of_group: dict[str, list[float]] = defaultdict(list)
    for part in opened.tables("pairs", ("group_id", "difficulty")):
        for group_id, difficulty in zip(*(part.column(n).to_pylist() for n in ("group_id", "difficulty")), strict=True):
            if difficulty is not None:
                of_group[group_id].append(difficulty)
    counts = Counter(quarter_of(fmean(values)) for values in of_group.values())
    for number, name in enumerate(_QUARTERS):
        if counts[number] < least * counts.total() - 1:
            share = counts[number] / counts.total()
            yield f"{name} quarter of difficulty has {share:.0%} of the questions (aim: at least {least:.0%})"


def _words(name: str) -> str:
    return name.replace("_", " ")
