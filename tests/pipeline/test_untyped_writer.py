"""A writer that types no claims: its groups pass through every step and every reader of the set."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from math import sqrt

import pytest
from numpy.random import Generator
from rich.console import Console

from pipeline.audit.options import AuditOptions
from pipeline.audit.run import run_audit
from pipeline.build.build import BuildRequest, build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.finalise.settings import BalanceConfig, FinaliseConfig
from pipeline.inspection.run import InspectOptions, run_inspect
from pipeline.verification.run import VerifyOptions, run_verify
from schemas.claim import Axis, QuestionType
from schemas.clip import UnitClip
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.pair import Evidence, Pair, RejectedKind
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.cut import CutSegments
from stages.payloads import GroundedVideo, WrittenVideo
from stages.stage import PixelReader, Stage
from stages.verify import VerifyClaims
from tests.pipeline.fakes import fake_steps
from tests.pipeline.runs import FakeRecipe, make_videos

pytestmark = [pytest.mark.process, pytest.mark.slow(15)]

VIDEOS = 40
MOODS = ("calm", "tense", "sad")
CONFIG = FinaliseConfig(
    max_predicate_share=0.5,
    max_predicate_loss=1,
    predicate_free_pairs=0,
    min_axis_share=0,
    min_absent_share=0,
    rare_pairs=0,
    rare_videos=0,
    balance=BalanceConfig(words=False),
)
"""No theme may have more than half of the pairs, and no mood may be right too often."""


class ScriptedGenerate(Stage[GroundedVideo, None, WrittenVideo]):
    """Asks four questions about the mood and one about the weather."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing is needed."""

    def process(self, item: GroundedVideo, _tools: None, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Offer the groups; nine moods in ten are calm."""
        groups = []
        for clip in item.clips:
            for number in range(4):
                mood = 0 if rng.random() < 0.9 else int(rng.integers(len(MOODS)))
                groups.append(
                    _group(clip, f"Which mood does part {number} have?", QuestionType.DYNAMIC_ATTRIBUTE, mood)
                )
            weather = int(rng.integers(len(MOODS)))
            groups.append(_group(clip, "Which mood does the weather have?", QuestionType.OBJECT, weather))
        yield WrittenVideo(item.content_sha256, item.clips, tuple(groups), questions_seen=len(groups))


def _group(clip: UnitClip, question: str, question_type: QuestionType, true: int) -> CandidateGroup:
    answers = tuple(
        CandidateAnswer(
            text=f"It has a {mood} mood.",
            rejected_kind=None if number == true else RejectedKind.RELEVANT,
            model="target" if number == true else "corrupter",
        )
        for number, mood in enumerate(MOODS)
    )
    slot = f"{clip.clip_id}/{question}"
    return CandidateGroup(
        group_id=slot,
        slot_id=slot,
        clip_id=clip.clip_id,
        question=question,
        question_model="asker",
        question_type=question_type,
        axis=Axis.TEMPORAL,
        form="values",
        balance=(f"{question_type}={MOODS[true]}",),
        balance_others=tuple((f"{question_type}={mood}",) for mood in MOODS if mood != MOODS[true]),
        answers=answers,
        evidence=Evidence(frame_indices=(0,)),
        event_intervals=(),
        keyframe_indices=(0,),
        visual_negatives=(VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.BLACK),),
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A set by the scripted writer, through the real cut, verify and finalise."""
    folder = tmp_path_factory.mktemp("untyped")
    steps = fake_steps(generate=ScriptedGenerate(), cut=CutSegments(), verify=VerifyClaims())
    videos = make_videos(folder / "videos", VIDEOS)
    recipe = FakeRecipe(finalise=CONFIG, stages=steps)
    request = BuildRequest(str(videos), str(folder / "set"), recipe, recipe.identity("scripted"))
    build(request, run_locally, LineProgress(lambda _: None))
    return str(folder / "set")


def rows(path: str) -> Sequence[Pair]:
    """The pairs of a set."""
    return list(FinishedSet.open(path).records(Pair, "pairs"))


def shown(run: Callable[..., object], options: object) -> str:
    """What a command prints."""
    console = Console(file=StringIO(), width=200)
    run(console, options)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_rows_have_no_claims_and_name_their_writers(written: str) -> None:
    """Every row says who asked, who answered and who made the answer wrong; nothing is asserted that was not typed."""
    found = rows(written)
    assert {(p.question_model, p.chosen_model, p.rejected_model) for p in found} == {("asker", "target", "corrupter")}
    assert {(p.chosen_claims, p.rejected_claims, p.verdicts) for p in found} == {((), (), ())}


def test_the_question_types_are_balanced_as_predicates_are(written: str) -> None:
    """Four of five questions are of one type, and nine in ten of these are calm; both are cut.

    The type gets at most half of the pairs. Of its n questions a third are expected to be calm; the surplus may reach
    one standard deviation, which is at most 2 / 3 sqrt(n) for one question per video, or 2.
    """
    found = rows(written)
    types = Counter(pair.question_type for pair in found)
    assert 0.4 <= types[QuestionType.DYNAMIC_ATTRIBUTE] / types.total() <= 0.5
    moods = {p.group_id: p.chosen for p in found if p.question_type is QuestionType.DYNAMIC_ATTRIBUTE}
    calm = sum("calm" in chosen for chosen in moods.values())
    assert abs(calm - len(moods) / 3) <= max(2, 2 / 3 * sqrt(len(moods)))
    drops = FinishedSet.open(written).records(Drop, "drops")
    details = {drop.detail for drop in drops if drop.reason is DropReason.OVER_REPRESENTED}
    assert details >= {"dynamic attribute", "dynamic attribute=calm"}


def test_a_visual_negative_that_nothing_can_prove_is_dropped(written: str) -> None:
    """Without a claim no corrupted clip can be proven to make the answer false."""
    assert not any(pair.visual_negatives for pair in rows(written))
    drops = FinishedSet.open(written).records(Drop, "drops")
    dropped = Counter(drop.reason for drop in drops if drop.item_type is ItemType.VISUAL_NEGATIVE)
    assert dropped == {DropReason.PREFERRED_NOT_TRUE: 5 * VIDEOS}


def test_the_set_verifies_and_can_be_inspected(written: str) -> None:
    """No failure is found, and a pair is shown with its writers."""
    assert json.loads(shown(run_verify, VerifyOptions(written, as_json=True)))["failures"] == []
    assert "dynamic attribute" in shown(run_inspect, InspectOptions(written))
    pair = rows(written)[0]
    text = shown(run_inspect, InspectOptions(written, pair=pair.pair_id))
    assert pair.question in text
    assert all(writer in text for writer in ("asker", "target", "corrupter"))


def test_the_set_can_be_audited(written: str) -> None:
    """The blind readers read texts alone: every pair is read."""
    report = json.loads(shown(run_audit, AuditOptions(written, as_json=True)))
    found = rows(written)
    assert (report["pairs"], report["videos"]) == (len(found), len({pair.video_id for pair in found}))
