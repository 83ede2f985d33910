"""The predicates that language models may type the claims of answers with, and the words that each needs."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from prompts.prompt import FOLDER
from schemas.claim import Predicate
from schemas.record import Record


class ClaimWords(Record):
    """How one predicate is offered to a model and found again in its words; the file says what each field is."""

    says: str
    family: str
    words: Mapping[str, str]
    ordered: bool = False
    words_after: str | None = None
    also: str | None = None
    narrows: bool = False


@cache
def claim_words() -> Mapping[Predicate, ClaimWords]:
    """All that models are offered, by predicate."""
    content = (files("prompts") / FOLDER / "predicates.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[Predicate, ClaimWords]).validate_python(yaml.safe_load(content))
