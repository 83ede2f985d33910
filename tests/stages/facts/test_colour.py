"""Questions about the colour of things with names."""

import numpy as np

from schemas.annotations import Annotations
from schemas.claim import Predicate, QuestionType
from schemas.drop import Drop
from schemas.group import CandidateGroup
from stages.claims.proof import ProofConfig
from stages.facts.writer import FactsWriter
from tests.stages.annotated.clips import laid, thing
from tests.stages.facts.clips import clip_of


def _asked(*objects: object) -> list[CandidateGroup]:
    """The groups about colours that the writer offers about a clip with these annotated things, and no others."""
    nouns = ("sofa", "lamp", "person", "bowl", "pan", "paper", "slide")
    there = laid(Annotations(objects=objects, complete=nouns))  # type: ignore[arg-type]
    written = FactsWriter().write(clip_of(there), 60, ProofConfig(), np.random.default_rng(0))
    groups = (group for offered in written if not isinstance(offered, Drop) for group in offered)
    return [g for g in groups if g.chosen.claim and g.chosen.claim.predicate is Predicate.HAS_COLOUR]


def test_a_phrase_that_gives_the_colour_is_replaced_by_its_noun() -> None:
    """Which sofa is meant would answer the question; where the lamp stands does not."""
    sofa = thing("sofa", (0.0, 0.1), noun="sofa", phrase="the blue sofa", moves=False, colour="blue")
    lamp = thing("lamp", (0.0, 0.6), noun="lamp", phrase="the lamp in the corner", moves=False, colour="red")
    groups = _asked(sofa, lamp)
    assert {group.question_type for group in groups} == {QuestionType.COLOR}
    asked = {next(p for p in ("the sofa", "the lamp in the corner") if p in g.question): g for g in groups}
    assert set(asked) == {"the sofa", "the lamp in the corner"}
    assert "blue" in asked["the sofa"].chosen.text
    assert "red" in asked["the lamp in the corner"].chosen.text


def test_the_colour_of_a_person_or_of_a_shade_is_not_asked() -> None:
    """Nobody would ask it of a person; a dark pan is hardly red, and gold is no basic colour."""
    person = thing("man", (0.0, 0.1), noun="person", phrase="the man at the door", moves=False, colour="red")
    pan = thing("pan", (0.0, 0.4), noun="pan", phrase="the dark pan", moves=False, colour="red")
    bowl = thing("bowl", (0.0, 0.7), noun="bowl", phrase="the bowl", moves=False, colour="gold")
    assert _asked(person, pan, bowl) == []


def test_what_everybody_knows_is_not_asked() -> None:
    """Paper is white without looking, and a slide may always be; red paper is worth a look."""
    white = thing("paper", (0.0, 0.1), noun="paper", phrase="the paper", moves=False, colour="white")
    slide = thing("slide", (0.0, 0.4), noun="slide", phrase="the slide", moves=False, colour="red")
    assert _asked(white, slide) == []
    assert _asked(white.model_copy(update={"colour": "red"}))
