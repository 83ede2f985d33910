"""What calls use: counted for each role, on disk, and compared with a budget."""

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import Field

from pipeline.endpoint.settings import Budget
from schemas.record import Record
from stages.models.chat import ModelRole


class Amount(Record):
    """What one call uses, or may use at most; amounts add up."""

    calls: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    money: float = 0.0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            reply_tokens=self.reply_tokens + other.reply_tokens,
            money=self.money + other.money,
        )

    @property
    def tokens(self) -> int:
        """Of prompt and reply."""
        return self.prompt_tokens + self.reply_tokens

    def beyond(self, budget: Budget) -> str | None:
        """The limit that it passes, in words; None if it passes none."""
        for name, used, limit in (
            ("calls", self.calls, budget.calls),
            ("tokens", self.tokens, budget.tokens),
            ("money", self.money, budget.money),
        ):
            if limit is not None and used > limit * (1 + 1e-12):  # sums of money are rounded
                return f"{name} = {limit:,}"
        return None


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum."""
    return sum(amounts, Amount())


class RoleUsage(Record):
    """What one role has used in all runs into one --out."""

    spent: Amount = Amount()
    """Calls that have ended: as the server counts them; those without a whole answer at the most they may have used."""
    in_process: Amount = Amount()
    """Calls that models in process have answered; no budget limits them."""
    failed_calls: int = 0
    """Calls that failed for reasons of the network or the server."""
    from_cache: int = 0
    """Replies that were taken from the cache."""
    repairs: int = 0
    """Second turns after a reply that could not be read."""
    unusable: int = 0
    """Requests without a usable reply."""
    missing: int = 0
    """Replies that an offline run did not find."""
    cached_prompt_tokens: int = 0
    """Prompt tokens that the server had in its prefix cache, or that a model in process had read before."""
    frame_bytes: int = 0
    """Bytes of frames sent."""
    repeated_frame_bytes: int = 0
    """Those of them that the same server had been sent before."""

    @property
    def calls_ended(self) -> Amount:
        """Of servers and of models in process."""
        return self.spent + self.in_process

    def plus(self, spent: Amount, counts: Mapping[str, int]) -> Self:
        """The usage with more of it."""
        more = {name: getattr(self, name) + count for name, count in counts.items()}
        return self.model_copy(update={"spent": self.spent + spent, **more})

    def answered(self, used: Amount, cached_prompt_tokens: int) -> Self:
        """The usage with a call that a model in process has answered."""
        cached = self.cached_prompt_tokens + cached_prompt_tokens
        return self.model_copy(update={"in_process": self.in_process + used, "cached_prompt_tokens": cached})


class Usage(Record):
    """The file `.work/usage.json`: all that was used, and what calls under way may use at most.

    After a crash, what was under way counts as used: it may have been paid.
    """

    roles: Mapping[ModelRole, RoleUsage] = Field(default_factory=dict)
    under_way: Mapping[ModelRole, Amount] = Field(default_factory=dict)
    """At most what the calls that have not ended will use."""

    def after_crash(self) -> "Usage":
        """The usage at the start of a run: nothing is under way any more."""
        roles = dict(self.roles)
        for role, amount in self.under_way.items():
            roles[role] = roles.get(role, RoleUsage()).plus(amount, {"failed_calls": amount.calls})
        return Usage(roles=roles)

    @property
    def spent(self) -> Amount:
        """What all calls that have ended used."""
        return total(usage.spent for usage in self.roles.values())
