"""What calls use."""

import pytest

from pipeline.endpoint.settings import Budget, Endpoint, Server
from pipeline.endpoint.usage import Amount, RoleUsage, Usage
from schemas.record import Record
from stages.models.chat import ModelRole

USED = Amount(calls=2, prompt_tokens=30, reply_tokens=4, money=0.5)


@pytest.mark.parametrize(
    ("budget", "passed"),
    [
        (Budget(), None),
        (Budget(calls=2, tokens=34, money=0.5), None),
        (Budget(calls=1), "calls = 1"),
        (Budget(tokens=33), "tokens = 33"),
        (Budget(money=0.4), "money = 0.4"),
    ],
)
def test_a_budget_is_passed_by_the_first_thing_above_it(budget: Budget, passed: str | None) -> None:
    """A limit may be reached, and not passed; what is not limited may be anything."""
    assert USED.beyond(budget) == passed


def test_tenths_of_money_reach_a_budget_and_do_not_pass_it() -> None:
    """0.1 + 0.1 + 0.1 is more than 0.3 only by rounding."""
    assert sum([Amount(money=0.1)] * 3, Amount()).beyond(Budget(money=0.3)) is None


def test_what_was_under_way_in_a_crash_counts_as_used() -> None:
    """It may have been paid: the next run starts with it as spent, and with nothing under way."""
    crashed = Usage(roles={ModelRole.JUDGE: RoleUsage(spent=USED)}, under_way={ModelRole.JUDGE: USED})
    after = crashed.after_crash()
    assert after.spent == USED + USED
    assert after.roles[ModelRole.JUDGE].failed_calls == 2
    assert after.under_way == {}
    assert after.after_crash() == after


def test_a_budget_of_money_needs_prices() -> None:
    """Without a price every call would cost nothing and the limit would never be reached."""
    with pytest.raises(ValueError, match="needs the prices"):
        Endpoint(budget=Budget(money=1.0))
    priced = Server(price_per_million_prompt_tokens=2.0, price_per_million_reply_tokens=6.0)
    Endpoint(budget=Budget(money=1.0), servers={"default": priced})
    assert priced.money(500_000, 100_000) == pytest.approx(1.6)


@pytest.mark.parametrize(("record", "value"), [(Budget, {"calls": 0}), (Endpoint, {"budget": {"tokens": 0}})])
def test_a_budget_of_nothing_is_refused(record: type[Record], value: dict[str, object]) -> None:
    """A build that may ask nothing asks with --offline."""
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        record.model_validate(value)
