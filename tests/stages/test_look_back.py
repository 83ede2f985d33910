"""The step that writes contexts: for clips that are asked about, begun anew every k rounds."""

from schemas.context import ClipContext
from schemas.drop import DropReason
from stages.models.chat import ChatRequest, ModelRole
from stages.payloads import RoundVideo
from stages.retrospection.settings import Retrospect
from tests.stages.retrospection.policy import ScriptedPolicy, clip, question, video
from tests.stages.retrospection.rounds import went_through

NOTES = [(0.0, 5.0, "It rains.")]


def _written(item: RoundVideo, **settings: object) -> tuple[list[ChatRequest], tuple[ClipContext, ...]]:
    policy = ScriptedPolicy(notes=NOTES)
    made, _ = went_through(item, policy, Retrospect.model_validate(settings))
    assert made.retrospection is not None
    return [request for request in policy.asked if request.role is ModelRole.WRITER], made.retrospection.contexts


def test_rounds_begin_anew_every_k() -> None:
    """With k = 3 the rounds 1 and 4 do not see the context of the round before; 2, 3 and 5 do."""
    _, earlier = _written(video())
    for number in range(1, 6):
        later = RoundVideo("0" * 64, (clip(),), (question(),), earlier=earlier)
        [request], [context] = _written(later, round=number)
        assert context.is_fresh is (number in (1, 4))
        assert ("5.0 s: It rains." in request.text) is not context.is_fresh


def test_a_clip_that_nothing_is_asked_about_has_no_context() -> None:
    """Of two clips one is asked about."""
    _, contexts = _written(RoundVideo("0" * 64, (clip(), clip("other")), (question(),)))
    assert [context.clip_id for context in contexts] == ["clip"]


def test_a_clip_without_a_context_is_judged_and_counted() -> None:
    """The writer says nothing: the drop says so, and the question is compared all the same."""
    made, drops = went_through(video(), ScriptedPolicy())
    assert [(drop.item_id, drop.reason) for drop in drops if drop.stage == "context"] == [
        ("clip-context", DropReason.EVIDENCE_MISSING)
    ]
    assert made.retrospection is not None
    assert made.retrospection.comparisons
