"""policy.json becomes a model card that Hugging Face and people can read."""

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from schemas.policy import PolicyKind, PolicyManifest


def policy_card(name: str, manifest: PolicyManifest) -> str:
    """README.md of a policy; `name` is the folder or hub id from which it is loaded."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 Markdown, not HTML
    template = environment.from_string(files("trainer.policy").joinpath("card.md.jinja").read_text())
    return template.render(name=name, manifest=manifest, is_adapter=manifest.kind is PolicyKind.ADAPTER)
