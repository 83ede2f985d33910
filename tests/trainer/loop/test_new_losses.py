"""Whole trainings by twins, with rewarded spans and the KL anchor, on a small set of planted edits.

Covers objective, family_objective, on_visual and prefetch.
"""

import pytest

from tests.planted_sets import planted_set
from tests.trainer.trainings import recipe, request
from trainer.data.joined_sets import GivenSet
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.loop.ranks import Rank
from trainer.loop.session import Session, TrainRequest
from trainer.loop.train import train

pytestmark = pytest.mark.slow(20)

TWINS = recipe(
    data={"held_out_share": 0.3},
    loss={"method": "twins", "form": "spans", "anchor_kl": 0.01},
    optimiser={"learning_rate": 1e-2, "warmup": 0.0},
    run={"pairs_per_step": 2, "epochs": 4},
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> TrainRequest:
    """A training on four videos, each with a question about a planted edit and its twins."""
    folder = tmp_path_factory.mktemp("planted")
    data = GivenSet(str(folder / "ds"), planted_set(folder / "ds", 4)[0])
    return request(folder / "policy", TWINS, data=(data,))


def test_a_family_is_one_unit_and_every_edge_is_learned(asked: TrainRequest) -> None:
    """Steps of two families each; every edge is told of, and both kinds are won in the end."""
    said: list[str] = []
    train(asked, said.append)
    assert any(line.startswith("families: ") for line in said)
    steps = [record for record in MetricsLog(asked.out / METRICS).read() if "loss" in record]
    for level in ("answers", "twin_text", "twin_visual", "twin_all"):
        assert f"{level}/all/accuracy" in steps[0]
    pairs, *of_edges = (float(steps[0][f"twin_{edge}/all/pairs"] or 0) for edge in ("all", "text", "visual"))
    assert of_edges == [2 * pairs, 2 * pairs]
    first, last = (
        [float(one[f"twin_{edge}/all/margin"] or 0) for edge in ("text", "visual")] for one in (steps[0], steps[-1])
    )
    assert first == [0, 0]
    assert min(last) > 0
    assert float(steps[-1]["answers/all/kl"] or 0) > 0


def test_the_marked_tokens_spell_the_words_that_differ(asked: TrainRequest) -> None:
    """In the groups of a real set: the tokens of each stored span, and no others, of chosen and rejected alike."""
    session = Session(asked, Rank(), lambda _: None)
    decode = session.family.processor.tokenizer.decode
    for rows in session.data.groups:
        ready = session.encoder.encode(rows)
        assert ready.differing is not None
        pairs = zip(ready.differing.chosen_NT, ready.differing.rejected_NT, ready.answers.answer_ids[1:], strict=True)
        for answer, (chosen_T, rejected_T, ids_T) in zip(rows.rejected, pairs, strict=True):
            for text, spans, marks_T, own_T in (
                (rows.chosen.text, answer.chosen_spans, chosen_T, ready.answers.answer_ids[0]),
                (answer.text, answer.spans, rejected_T, ids_T),
            ):
                spelled = decode(own_T[marks_T[: len(own_T)]])
                assert spelled.split() == " ".join(span.of(text) for span in spans).split()
                assert not marks_T[len(own_T) :].any()
