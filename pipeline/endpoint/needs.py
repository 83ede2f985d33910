"""What the steps of a recipe need of language models, and an estimate of what they will use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from pipeline.endpoint.settings import Endpoint, Roles, Server
from pipeline.endpoint.usage import Amount, total
from schemas.record import Record
from stages.models.chat import AskingStage, ExpectedCalls, ExpectedClip, ModelRole

PIXELS_PER_TOKEN = 28 * 28
"""Of a vision model that is not known: what Qwen2.5-VL takes."""
_TYPICAL_SHAPE = 16 / 9
_TIME_TOKENS = 6
"""Of the time before a frame."""


@dataclass(frozen=True)
class RoleNeed:
    """What is asked of the model of one role."""

    role: ModelRole
    frames: int
    """Most frames that a call shows; 0 if it shows none."""
    reply_tokens: int
    """The most that any reply may have; it must fit into the context beside the frames."""


class Estimate(Record):
    """What a build is expected to use, by role, before anything is sent."""

    roles: dict[ModelRole, Amount]

    @property
    def together(self) -> Amount:
        """Of all roles."""
        return total(self.roles.values())


def role_needs(stages: Iterable[object], num_frames: int) -> tuple[RoleNeed, ...]:
    """What the stages that ask need, one for each role, in the order of the roles."""
    asking = [stage for stage in stages if isinstance(stage, AskingStage)]
    roles = {role for stage in asking for role in stage.roles()}
    calls = calls_per_clip(asking, num_frames)
    return tuple(_need(role, [call for call in calls if call.role is role]) for role in ModelRole if role in roles)


def _need(role: ModelRole, calls: Sequence[ExpectedCalls]) -> RoleNeed:
    frames = max((ceil(call.frames) for call in calls if call.calls), default=0)
    return RoleNeed(role, frames, max((call.max_tokens for call in calls), default=0))


def calls_per_clip(stages: Iterable[object], num_frames: int) -> tuple[ExpectedCalls, ...]:
    """What the stages that ask will ask about one clip of that many frames."""
    clip = ExpectedClip(num_frames)
    calls: list[ExpectedCalls] = []
    for stage in stages:
        if isinstance(stage, AskingStage):
            calls += stage.expected_calls(clip)
            clip = stage.expected_clip(clip)
    return tuple(calls)


def estimated(
    calls: Sequence[ExpectedCalls], roles: Roles, endpoint: Endpoint, clips: float, short_side: int
) -> Estimate:
    """What that many clips will use, of frames of this short side, if every reply can be used."""
    found: dict[ModelRole, Amount] = {}
    for role in ModelRole:
        asked = [call for call in calls if call.role is role]
        if asked:
            each = frame_tokens(short_side)
            prompt = clips * sum(call.calls * (call.text_tokens + call.frames * each) for call in asked)
            reply = clips * sum(call.calls * call.reply_tokens for call in asked)
            model = roles.of(role)
            server = Server() if model.in_process else endpoint.servers.get(model.server, Server())
            found[role] = Amount(
                calls=round(clips * sum(call.calls for call in asked)),
                prompt_tokens=round(prompt),
                reply_tokens=round(reply),
                money=round(server.money(prompt, reply), 6),
            )
    return Estimate(roles=found)


def frame_tokens(short_side: int) -> int:
    """Prompt tokens of a frame with its time, where the server was not asked."""
    return round(short_side * short_side * _TYPICAL_SHAPE / PIXELS_PER_TOKEN) + _TIME_TOKENS
