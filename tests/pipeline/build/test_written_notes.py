"""What came of the questions of language models is told at the end of a build."""

from pathlib import Path

from pipeline.build.written_notes import missed_by_models, written_grounds
from pipeline.dataset.finished_set import FinishedSet
from schemas.claim import QuestionType
from schemas.drop import DropCause, DropReason, ItemType
from schemas.pair import Pair, Verdict
from schemas.shown import Shown
from tests.finished import store, write_set


def notes(path: Path, writer: str) -> list[str]:
    """Of a set with one pair of each group: the first is proven and about an object, two are judged twins."""
    whole = write_set(path, videos=2)
    rows = {pair.group_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    first, *twins = list(rows.values())[:3]
    judged = (Verdict(check="faithful", passed=True, model="m"),)
    alone = {"shown": Shown(segment_id="s"), "verdicts": judged}
    pairs: list[Pair] = [first.model_copy(update={"question_type": QuestionType.OBJECT})]
    pairs += [twin.model_copy(update=alone) for twin in twins]
    drop = DropCause(DropReason.REPEATED_TEXT).drop("clip/twins.1", ItemType.QUESTION, "ask")
    written = [pair.model_copy(update={"question_model": "a model"}) for pair in pairs]
    manifest = store(path, written, whole.clips, [drop], questions=4)
    topics = {"object": 3, "number": 1}
    recipe = {"generate": {"writer": writer}, "ask": {"topics": topics, "relevant": True}}
    opened = FinishedSet(FinishedSet.open(str(path)).location, manifest.model_copy(update={"recipe": recipe}))
    return [*written_grounds(opened), *missed_by_models(opened)]


def test_twins_grounds_and_missed_types_are_told(tmp_path: Path) -> None:
    """Two of three groups are twins; of the one that is none no number was asked, which is a quarter of the aim."""
    assert notes(tmp_path, "models") == [
        "of 3 pairs by language models 2 are judged and 1 are proven",
        "segment twins are 67% of the groups by language models about clips of 4 s and more (aim: at least 30%); "
        "left out: repeated text 1",
        "questions about number are 0% of those of language models (asked for: 25%)",
    ]


def test_a_set_without_models_has_no_notes(tmp_path: Path) -> None:
    """`facts` asks none."""
    assert notes(tmp_path, "facts") == []
