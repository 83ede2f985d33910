"""Servers, keys and models before a run starts."""

import asyncio

import pytest

from pipeline.endpoint.names import addresses, keys, named_models
from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.settings import Endpoint, RoleModel, Roles, Server
from pipeline.scripted.settings import ServerSettings
from schemas.errors import EndpointError, RecipeError
from stages.models.chat import ModelRole
from tests.pipeline.endpoint.served import listening

NEEDS = (RoleNeed(ModelRole.WRITER, 32, 512), RoleNeed(ModelRole.JUDGE, 32, 128))


def named(settings: ServerSettings, roles: Roles | None = None, **server: object) -> Roles:
    """The roles with the names that a scripted server lists."""

    async def run() -> Roles:
        async with listening(settings) as base_url:
            endpoint = Endpoint(servers={"default": Server.model_validate({"base_url": base_url, **server})})
            return await asyncio.to_thread(named_models, endpoint, roles or Roles(), NEEDS)

    return asyncio.run(run())


def test_a_model_that_is_not_named_is_the_one_that_the_server_lists() -> None:
    """For every role that is asked, and for no other; a name in the recipe stays."""
    roles = named(ServerSettings(models=("only",)), Roles(judge=RoleModel(model="mine")))
    assert (roles.writer.model, roles.judge.model, roles.target.model) == ("only", "mine", None)


def test_of_several_models_one_must_be_named() -> None:
    """The line lists them."""
    with pytest.raises(EndpointError, match=r"roles\.writer\.model is not set, and its server lists 2: a, b"):
        named(ServerSettings(models=("b", "a")))


def test_an_address_without_its_path_lists_nothing() -> None:
    """Half of an address is the commonest mistake, and the line says what is missing."""

    async def run() -> Roles:
        async with listening(ServerSettings()) as base_url:
            server = Server(base_url=base_url.removesuffix("/v1"))
            return await asyncio.to_thread(named_models, Endpoint(servers={"default": server}), Roles(), NEEDS)

    with pytest.raises(EndpointError, match=r"its server lists none; name the model to use; most addresses end in /v1"):
        asyncio.run(run())


def test_a_refused_key_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the variable and not the key."""
    monkeypatch.setenv("MY_KEY", "planted-key")
    with pytest.raises(EndpointError, match=r"refuses the key in MY_KEY: 401") as error:
        named(ServerSettings(key="right"), key_variable="MY_KEY")
    assert "planted-key" not in str(error.value)
    monkeypatch.delenv("MY_KEY")
    with pytest.raises(EndpointError, match=r"refuses a call without a key \(MY_KEY\)"):
        named(ServerSettings(key="right"), key_variable="MY_KEY")


def test_a_server_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address, and what to do."""
    monkeypatch.setattr("pipeline.endpoint.names._BETWEEN_SECONDS", 0)
    endpoint = Endpoint(servers={"default": Server(base_url="http://127.0.0.1:9/v1")})
    with pytest.raises(EndpointError, match=r"http://127\.0\.0\.1:9/v1 does not answer.*start the server"):
        named_models(endpoint, Roles(), NEEDS)


def test_without_an_address_there_must_be_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames are sent nowhere unless someone has said where: an address, or a key for the client's own default."""
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EndpointError, match=r"no server for the writer: set OPENAI_BASE_URL or endpoint\.servers"):
        addresses(Endpoint(), Roles(), NEEDS)
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    assert addresses(Endpoint(), Roles(), NEEDS) == {"default": None}
    assert keys(Endpoint()) == {"default": "key"}
    monkeypatch.setenv("OPENAI_BASE_URL", "http://here/v1")
    assert addresses(Endpoint(), Roles(), NEEDS) == {"default": "http://here/v1"}


def test_a_role_names_a_server_that_there_is() -> None:
    """An unknown name is a mistake in the recipe."""
    with pytest.raises(RecipeError, match=r"roles\.judge\.server = strong: endpoint\.servers has default"):
        addresses(Endpoint(servers={"default": Server(base_url="x")}), Roles(judge=RoleModel(server="strong")), NEEDS)
