"""A false answer of an annotated question must be true of another video; otherwise its text gives it away."""

from collections.abc import Iterable, Mapping

from pipeline.finalise.alternatives import Alternative, TypedText

Lenders = Mapping[TypedText, frozenset[str]]
"""For each answer to a type of question, the videos (content hashes) of which it is true."""


def lenders_of(alternatives: Iterable[Alternative]) -> Lenders:
    """The videos of which each true answer to a question with borrowed answers is true."""
    found: dict[TypedText, set[str]] = {}
    for alternative in alternatives:
        for text in alternative.true_texts:
            found.setdefault(text, set()).add(alternative.content_sha256)
    return {text: frozenset(videos) for text, videos in found.items()}


def is_true_elsewhere(alternative: Alternative, lenders: Lenders) -> bool:
    """Whether each of its borrowed answers is a true one of another video; so too if it has none."""
    own = {alternative.content_sha256}
    return all(lenders.get(text, frozenset()) - own for text in alternative.borrowed)
