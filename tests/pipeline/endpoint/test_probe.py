"""What a few short questions find out about a server."""

from pathlib import Path

import pytest

from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.probe import Probe
from pipeline.endpoint.settings import Budget
from pipeline.scripted.settings import SchemaSupport, ServerSettings
from pipeline.storage.location import Location
from schemas.errors import CapError, EndpointError
from stages.models.chat import ModelRole
from stages.models.chat_body import ServerTraits
from tests.pipeline.endpoint.served import JUDGE, Served, talk

SEES = RoleNeed(JUDGE, 8, 64)


def probe(folder: Path, settings: ServerSettings, *needs: RoleNeed, budget: Budget | None = None) -> "Found":
    """What is found, with what was said and the number of calls."""

    async def talking(served: Served) -> Found:
        said: list[str] = []
        file = Location.parse(str(folder / "servers.json"))
        traits = await Probe(served.setup, served.sender(), file, said.append, short_side=48).traits(needs)
        return traits, said, (await served.stats())["calls"]

    return talk(folder, talking, settings, budget=budget, retries=0)


Found = tuple[dict[ModelRole, ServerTraits], list[str], int]


def test_a_full_server(tmp_path: Path) -> None:
    """Schema, log-probabilities and the size of a frame are found with three calls; a second role of the same model
    and a resume cost none.
    """
    blind = RoleNeed(ModelRole.BLIND_JUDGE, 0, 64)
    traits, said, calls = probe(tmp_path, ServerSettings(), SEES, blind)
    assert (traits[JUDGE].json_schema, traits[JUDGE].log_probs, traits[JUDGE].completion_limit) == (True, True, False)
    assert 256 <= traits[JUDGE].tokens_per_frame <= 260
    assert traits[ModelRole.BLIND_JUDGE] == traits[JUDGE]
    assert (said, calls) == ([], 3)
    assert probe(tmp_path, ServerSettings(), SEES)[2] in {0, 3}  # the port of the second server is another one


@pytest.mark.parametrize("support", [SchemaSupport.IGNORED, SchemaSupport.REFUSED])
def test_a_server_without_schemas_is_said_once(tmp_path: Path, support: SchemaSupport) -> None:
    """Whether it ignores or refuses a schema."""
    settings = ServerSettings(schema_support=support, logprobs=False)
    traits, said, _ = probe(tmp_path, settings, SEES, RoleNeed(ModelRole.WRITER, 8, 64))
    assert not traits[JUDGE].json_schema
    assert not traits[JUDGE].log_probs
    assert said == ["scripted does not keep replies to a JSON schema: its prompts say the schema instead"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (ServerSettings(key="right"), r"scripted cannot be asked at http.*: 401"),
        (ServerSettings(models=("other",)), r"scripted cannot be asked at .*: 404.*check roles\.judge\.model"),
        (ServerSettings(sees=False), r"scripted cannot be shown frames as images: 400.*name a vision model"),
        (
            ServerSettings(context_tokens=1000),
            r"takes 1 frame but not 8 of short side 48 with a reply of 64 tokens: 400 .*1000 tokens.*--max-model-len",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(tmp_path: Path, settings: ServerSettings, line: str) -> None:
    """A wrong key, an unknown model, a model without vision, a context that is too small."""
    with pytest.raises(EndpointError, match=line) as error:
        probe(tmp_path, settings, SEES)
    assert "\n" not in str(error.value)


def test_a_probe_counts_against_the_budget(tmp_path: Path) -> None:
    """Three calls are two too many for a budget of one."""
    with pytest.raises(CapError, match="calls = 1 is reached"):
        probe(tmp_path, ServerSettings(), SEES, budget=Budget(calls=1))
