"""How the pairs of a set spread over axes and types of questions, beside what its recipe asks for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field

from pipeline.build.recipe import Recipe
from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import overview
from prompts.topics import topics
from schemas.claim import Axis, QuestionType
from schemas.record import Record

PLANTED = "planted"


class CoveredBy(StrEnum):
    """What is counted."""

    AXIS = "axis"
    TYPE = "question type"
    WRITER = "writer"


class Coverage(Record):
    """How much of a set one axis, one type of question or one kind of writer makes up."""

    by: CoveredBy
    name: str
    """The axis or type; of writers `planted`, for the share of planted edits."""
    pairs: int = Field(ge=0)
    """Number of its pairs."""
    share: float = Field(ge=0, le=1)
    """Its share of all pairs."""
    least: float | None = None
    """Least share that the recipe asks for; null if it asks for none."""
    most: float | None = None
    """Largest share that the recipe allows; null if it sets none."""
    asked: float | None = None
    """The share of the questions of language models that the recipe asks for; null if it does not say."""

    @property
    def aim(self) -> str:
        """What the recipe asks for, in words; empty if it asks for nothing."""
        found = (("at least", self.least), ("at most", self.most), ("asked for", self.asked))
        return ", ".join(f"{words} {share:.0%}" for words, share in found if share)


def coverage(opened: FinishedSet) -> tuple[Coverage, ...]:
    """Every axis and type, those without pairs too. Raises DatasetError if the set or its recipe cannot be read."""
    counts, recipe = overview(opened).counts, Recipe.of(opened.manifest)
    return tuple(_lines(counts, recipe))


def _lines(counts: Mapping[str, Mapping[str, int]], recipe: Recipe) -> Iterator[Coverage]:
    total = max(1, sum(counts["axis"].values()))
    asked, config = _asked(recipe), recipe.finalise

    def line(by: CoveredBy, name: str, pairs: int, **aims: float | None) -> Coverage:
        return Coverage(by=by, name=name, pairs=pairs, share=round(pairs / total, 4), **aims)

    for axis in Axis:
        yield line(CoveredBy.AXIS, axis.value, counts["axis"].get(axis.value, 0), least=config.min_axis_share)
    for one in QuestionType:
        yield line(CoveredBy.TYPE, one.value, counts["question type"].get(one.value, 0), asked=asked.get(one.value))
    if planted := counts["writer"].get(PLANTED, 0):
        yield line(CoveredBy.WRITER, PLANTED, planted, most=recipe.generate.planted.share)


def _asked(recipe: Recipe) -> Mapping[str, float]:
    """The share of each type among what language models are asked for; none if they are not asked."""
    if not recipe.generate.asks_models or recipe.ask.annotated:
        return {}
    wanted: dict[str, float] = defaultdict(float)
    for name, share in recipe.ask.topics.items():
        wanted[topics()[name].question_type.value] += share
    total = sum(wanted.values())
    return {name: round(share / total, 4) for name, share in wanted.items()}
