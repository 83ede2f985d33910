"""Prepares a build whose steps ask language models: names, probes, an estimate; and counts what was missing."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter

from pipeline.build.recipe import Recipe
from pipeline.endpoint.checkpoints import served, with_checkpoints
from pipeline.endpoint.gate import Gate, read_usage
from pipeline.endpoint.names import addresses, keys, named_models
from pipeline.endpoint.needs import RoleNeed
from pipeline.endpoint.probe import Probe
from pipeline.endpoint.sending import AskingSetup, Sender
from pipeline.engine.extras import require_train
from pipeline.storage.location import Location
from pipeline.work.folder import WorkFolder, replies_folder
from schemas.errors import EndpointError
from stages.models.chat import ModelRole
from stages.models.chat_body import ServerTraits

_MODELS = "models.json"
"""In the folder of replies: the models that their servers listed, for an offline run."""
_NAMES = TypeAdapter(dict[ModelRole, str])
_PROBE_RETRIES = 2
"""A server that fails at the first question is looked at by people sooner than in the middle of a run."""


def with_models(recipe: Recipe, out: str, *, offline: bool) -> Recipe:
    """The recipe with the models that it does not name, as their servers list them; offline, as the cache knows them.

    Of checkpoints it says by what they hold which they are. Raises EndpointError in one line if a server, a key or a
    model is missing or wrong, ModelError if a checkpoint is.
    """
    needs = recipe.needs()
    if not needs:
        return recipe
    if len(served(recipe.roles, needs)) < len(needs):
        require_train()
        recipe = recipe.model_copy(update={"roles": with_checkpoints(recipe.roles, needs, recipe.decode.short_side)})
    kept = _replies(recipe, Location.parse(out)) / _MODELS
    if offline:
        names = _NAMES.validate_json(kept.read_bytes()) if kept.is_file() else {}
        open_roles = [need.role for need in needs if recipe.roles.of(need.role).model is None]
        if unknown := [role for role in open_roles if role not in names]:
            raise EndpointError(
                f"--offline: {kept} does not say which model was the {unknown[0].value.replace('_', ' ')}; "
                f"name it in roles.{unknown[0]}.model, or the folder of an earlier build in endpoint.replies"
            )
        return recipe.model_copy(update={"roles": recipe.roles.named({role: names[role] for role in open_roles})})
    return recipe.model_copy(update={"roles": named_models(recipe.endpoint, recipe.roles, served(recipe.roles, needs))})


def prepared(recipe: Recipe, work: WorkFolder, say: Callable[[str], None], *, offline: bool) -> AskingSetup | None:
    """How the run asks; None if no step does. Unless it is offline, every model is probed first.

    Raises EndpointError in one line, before any video is decoded, and CapError if the budget does not allow a probe.
    """
    needs = recipe.needs()
    if not needs:
        return None
    setup = AskingSetup(
        endpoint=recipe.endpoint,
        roles=recipe.roles,
        traits={},
        addresses={} if offline else addresses(recipe.endpoint, recipe.roles, served(recipe.roles, needs)),
        replies=_replies(recipe, work.out),
        usage=work.usage,
        offline=offline,
    )
    if offline:
        return setup
    names = {need.role: recipe.roles.of(need.role).model or "" for need in needs}
    (setup.replies / _MODELS).write_bytes(_NAMES.dump_json(names))
    return replace(setup, traits=asyncio.run(_probed(setup, served(recipe.roles, needs), recipe, work, say)))


async def _probed(
    setup: AskingSetup, needs: Sequence[RoleNeed], recipe: Recipe, work: WorkFolder, say: Callable[[str], None]
) -> Mapping[ModelRole, ServerTraits]:
    hasty = replace(setup, endpoint=setup.endpoint.model_copy(update={"retries": _PROBE_RETRIES}))
    gate = Gate(hasty.endpoint, hasty.usage)
    gate.take_keys(keys(hasty.endpoint))
    sender = Sender(hasty, gate)
    try:
        return await Probe(hasty, sender, work.servers, say, short_side=recipe.decode.short_side).traits(needs)
    finally:
        await sender.aclose()
        await gate.close()


def note_estimate(recipe: Recipe, work: WorkFolder, clips: float) -> None:
    """Keep what a build of so many clips is expected to use, so that `inspect` can show it beside what it used."""
    work.estimate.write_bytes(recipe.expected_use(clips).model_dump_json().encode())


def missing_replies(work: WorkFolder) -> Counter[ModelRole]:
    """How many replies offline runs into the folder have lacked so far, by role."""
    return Counter({role: usage.missing for role, usage in read_usage(work.usage).roles.items()})


def refuse_missing(missing: Counter[ModelRole]) -> None:
    """Raise EndpointError with the number of missing replies of each role, if there are any."""
    if missing.total():
        listed = ", ".join(f"{count} by the {role.value.replace('_', ' ')}" for role, count in sorted(missing.items()))
        raise EndpointError(
            f"--offline: the cache lacks {missing.total()} replies ({listed}), and what is asked after them is "
            "not counted; run without --offline, or name the folder that has them in endpoint.replies"
        )


def _replies(recipe: Recipe, out: Location) -> Location:
    kept = recipe.endpoint.replies
    return replies_folder(out) if kept is None else Location.parse(kept)
