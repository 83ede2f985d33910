"""Axes and types stand beside what the recipe asks for."""

from pipeline.audit.coverage import CoveredBy, coverage
from pipeline.dataset.finished_set import FinishedSet
from schemas.claim import Axis, QuestionType
from tests.finished import Whole


def test_every_axis_and_type_is_listed_with_its_share(whole: Whole) -> None:
    """Those without a pair too; the shares of each sum to 1, and axes carry the aim of the recipe."""
    lines = coverage(FinishedSet.open(str(whole.path)))
    for by, names in ((CoveredBy.AXIS, Axis), (CoveredBy.TYPE, QuestionType)):
        of_kind = {line.name: line for line in lines if line.by is by}
        assert set(of_kind) == {name.value for name in names}
        assert sum(line.pairs for line in of_kind.values()) == sum(1 for v in whole.finalised.videos for _ in v.pairs())
        assert abs(sum(line.share for line in of_kind.values()) - 1) < 0.001
    assert {line.aim for line in lines if line.by is CoveredBy.AXIS} == {"at least 20%"}


def test_what_models_are_asked_for_is_an_aim(whole: Whole) -> None:
    """Of a recipe that lets models write, the shares of its topics sum to 1 over the types."""
    manifest = whole.manifest
    recipe = {**manifest.recipe, "generate": {"writer": "models"}}
    opened = FinishedSet.open(str(whole.path))
    lines = coverage(FinishedSet(opened.location, manifest.model_copy(update={"recipe": recipe})))
    asked = [line.asked for line in lines if line.asked is not None]
    assert asked
    assert abs(sum(asked) - 1) < 0.01
