"""Finds servers, keys and models before a run starts: what is missing or wrong is one line."""

import asyncio
import os
from collections.abc import Mapping, Sequence

from pipeline.endpoint.connecting import connect
from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.settings import Endpoint, Roles, Server
from schemas.errors import EndpointError, RecipeError
from stages.models.chat import ModelRole
from stages.models.chat_server import CallFailedError, ChatServer, FailureKind, ServerAddress

_TRIES = 3
_BETWEEN_SECONDS = 1.0
_LIST_SECONDS = 30.0
_MOST_NAMES = 8


def keys(endpoint: Endpoint) -> dict[str, str]:
    """The key of each server, from the environment; empty if its variable is not set."""
    return {name: os.environ.get(server.key_variable, "") for name, server in endpoint.servers.items()}


def addresses(endpoint: Endpoint, roles: Roles, needs: Sequence[RoleNeed]) -> dict[str, str | None]:
    """The address of each server that is used. Raises RecipeError, and EndpointError if nothing says where it is.

    None, the client's own default, only if there is a key, which says that this is meant.
    """
    found = {}
    for need in needs:
        name = roles.of(need.role).server
        if name not in endpoint.servers:
            raise RecipeError(
                f"roles.{need.role}.server = {name}: endpoint.servers has {', '.join(sorted(endpoint.servers))}"
            )
        server = endpoint.servers[name]
        found[name] = server.address
        if found[name] is None and not os.environ.get(server.key_variable):
            raise EndpointError(
                f"there is no server for the {_words(need.role)}: set {server.base_url_variable} or "
                f"endpoint.servers.{name}.base_url, for example http://127.0.0.1:8000/v1, "
                f"and {server.key_variable} if it wants a key"
            )
    return found


def named_models(endpoint: Endpoint, roles: Roles, needs: Sequence[RoleNeed]) -> Roles:
    """The roles with the models that the recipe does not name, as their servers list them.

    Every server is asked, so that one that does not answer or refuses the key is found at once. Raises EndpointError.
    """
    where = addresses(endpoint, roles, needs)
    listed = asyncio.run(_all_listed(endpoint, where))
    names: dict[ModelRole, str] = {}
    for need in needs:
        role = roles.of(need.role)
        if role.model is None:
            names[need.role] = _only(need.role, listed[role.server])
    return roles.named(names)


def _only(role: ModelRole, models: Sequence[str]) -> str:
    if len(models) == 1:
        return models[0]
    told = f"lists {len(models)}: {', '.join(sorted(models)[:_MOST_NAMES])}" if models else "lists none"
    hint = "" if models else "; most addresses end in /v1"
    raise EndpointError(f"roles.{role}.model is not set, and its server {told}; name the model to use{hint}")


async def _all_listed(endpoint: Endpoint, where: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    secret = keys(endpoint)
    lists = await asyncio.gather(*(_listed(endpoint.servers[n], where[n], secret[n]) for n in where))
    return dict(zip(where, lists, strict=True))


async def _listed(server: Server, address: str | None, key: str) -> tuple[str, ...]:
    """What a server lists; nothing if it has no list, which some have not."""
    client = connect(ServerAddress(address, min(_LIST_SECONDS, server.timeout_seconds), key))
    try:
        return await _tried(client)
    except CallFailedError as failed:
        if failed.kind is FailureKind.DENIED:
            what = f"the key in {server.key_variable}" if key else f"a call without a key ({server.key_variable})"
            raise EndpointError(f"{address or 'the server'} refuses {what}: {failed}") from None
        if failed.status is None:
            raise EndpointError(
                f"{address or 'the server'} does not answer: {failed}; start the server, or correct "
                f"{server.base_url_variable} or the recipe's base_url"
            ) from None
        return ()
    finally:
        await client.aclose()


async def _tried(client: ChatServer) -> tuple[str, ...]:
    for left in reversed(range(_TRIES)):
        try:
            return await client.models()
        except CallFailedError as failed:
            if not left or failed.kind in (FailureKind.DENIED, FailureKind.REJECTED):
                raise
            await asyncio.sleep(_BETWEEN_SECONDS)
    raise AssertionError("the last try returns or raises")


def _words(role: ModelRole) -> str:
    return role.value.replace("_", " ")
