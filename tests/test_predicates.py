"""Every table that has an entry for each predicate has one for each predicate."""

from collections.abc import Mapping

import pytest

from pipeline.presentation import words
from schemas.claim import PREDICATES, Predicate
from stages.claims import typed_edit
from stages.claims.predicates import CHECKS
from stages.facts import twins
from stages.negatives.table import BREAKS, EVENTS

TABLES: dict[str, Mapping[Predicate, object]] = {
    "schemas.claim.PREDICATES": PREDICATES,
    "stages.claims.predicates.CHECKS": CHECKS,
    "stages.claims.typed_edit._BY_PREDICATE": typed_edit._BY_PREDICATE,
    "stages.negatives.table.BREAKS": BREAKS,
    "pipeline.presentation.words._SENTENCES": words._SENTENCES,
}
EVENT_PREDICATES = {p for p in Predicate if p.value.partition("_")[0] in {"enters", "leaves", "starts", "stops"}}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_covers_all_predicates(name: str) -> None:
    """A predicate that one of these tables lacks would fail only when a clip first shows it."""
    assert set(TABLES[name]) == set(Predicate)


def test_predicates_about_events_name_their_event() -> None:
    """A predicate that begins with an event ("enters_before") is tied to that event; `event_in` has it as a value."""
    assert {predicate: kind.value for predicate, kind in twins._KINDS.items()} == {
        predicate: predicate.value.partition("_")[0] for predicate in EVENT_PREDICATES
    }
    assert all(predicate.value.startswith(f"{kind}_") for predicate, kind in EVENTS.items())
