"""48 short rendered clips, built by the product: every claim is evaluated on the ground truth."""

import os
from pathlib import Path

import pytest

from pipeline.demo.world.world import Tag
from schemas.claim import Predicate
from tests.prove.clips import PLAIN
from tests.prove.proving import Findings, Request, prove
from tests.prove.report import Demand

pytestmark = [pytest.mark.process, pytest.mark.slow(150), pytest.mark.timeout(2400)]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """The proof, once for all tests, in one process beside those of other tests; VIDPREF_PROVE_CACHE keeps what was
    rendered and seen.
    """
    cache = Path(os.environ.get("VIDPREF_PROVE_CACHE") or tmp_path_factory.mktemp("prove"))
    return prove(Request(clips=48, seeds=2, short=True, cache=cache, processes=1))


def _unmet(findings: Findings, *beginnings: str) -> list[Demand]:
    about = [demand for demand in findings.demands if demand.name.startswith(beginnings)]
    assert about, f"no demand begins with {beginnings}"
    return [demand for demand in about if not demand.met]


def test_boxes_and_events_are_found(findings: Findings) -> None:
    """Recall 0.95, precision 0.9 at IoU 0.5; 98 % of events found, 1 % false, 95 % timed to 0.15 s. On faint grounds
    recall 0.9, precision 0.9, 1 % false.
    """
    assert findings.detection[PLAIN].true_boxes > 1600
    assert findings.detection[Tag.FAINT].true_boxes > 800
    assert not _unmet(findings, "box ", "events ", "false events", "time error", "faint grounds"), findings.detection[
        PLAIN
    ].misses


def test_every_clip_is_in_the_account(findings: Findings) -> None:
    """No clip is lost on the way."""
    assert not _unmet(findings, "clips in the account")


def test_every_chosen_answer_is_true_and_every_rejected_one_false(findings: Findings) -> None:
    """On the ground truth, with no margin; what the truth leaves open counts as wrong."""
    assert not findings.wrong, "\n".join(str(wrong) for wrong in findings.wrong)


def test_every_claim_of_a_twin_is_right_on_the_edited_truth(findings: Findings) -> None:
    """At least 30 twins of either edit, and groups about stretches; no wrong claim is among them."""
    assert not _unmet(findings, "twins ")


def test_edits_are_asked_about_and_every_claim_is_right(findings: Findings) -> None:
    """By the pictures of the world, without noise and compression; at least two groups of each kind."""
    assert not _unmet(findings, "edit ")


def test_every_visual_negative_breaks_its_claim_and_its_control_does_not(findings: Findings) -> None:
    """On the ground truth: true of the preferred visual, false of the corrupted one or the object gone, true of the
    control; every kind occurs in at least 30 groups.
    """
    assert findings.negatives is not None
    assert not findings.negatives.wrong, "\n".join(str(wrong) for wrong in findings.negatives.wrong)
    assert not _unmet(findings, "negative ")


@pytest.mark.xfail(strict=False, reason="short clips leave few returns to a place and few growing things")
def test_the_set_is_rich(findings: Findings) -> None:
    """Enough pairs, all predicates, no axis or kind too rare, no predicate too common."""
    assert not _unmet(findings, "pairs", "median", "share of", *(f"{predicate} " for predicate in Predicate))


def test_no_blind_reader_tells_chosen_from_rejected_and_planted_leaks_are_read(findings: Findings) -> None:
    """The set passes the audit overall, and no axis or kind fails it; each leak planted in it is read by its reader."""
    assert not _unmet(findings, "reader ")
    assert not _unmet(findings, "planted leak")
