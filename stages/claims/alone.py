"""What may be said of a stretch of a clip that is shown alone: nothing that takes the rest of the clip to be true."""

import re

from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.interval import Interval

LEAST_SECONDS = 2.0
"""A shorter stretch shows too little to be asked about."""
_OF_WHOLE_CLIP = frozenset({Predicate.MOVING_COUNT, Predicate.DISTINCT_MOVING_COUNT})
"""What counts as a moving thing may move at another time of the clip. All else that has intervals depends on nothing
outside of them."""
TELLS_ORDER = re.compile(
    r"\b(again|once more|then|first|second|third|last|finally|eventually|lastly|next|later|earlier|now|still|already"
    r"|after|afterwards|before|until|while|when|as|another|other|more|continues?|continuing|keeps?|resumes?|returns?"
    r"|goes on|go on|begins?|starts?|ends?|stops?|finish(es)?|intro(duction)?|outro|at the (start|end|beginning)"
    r"|title|credits?|without)\b",
    re.IGNORECASE,
)
"""Words that say when something happens, or what must have happened before."""
_DOES = re.compile(
    r"\b(who|that|which|(?!(?:some)?thing\b|building\b|ceiling\b|clothing\b|painting\b)\w+ing)\b", re.IGNORECASE
)
"""Words after which a phrase says what its thing does, perhaps at another time."""
_ROUNDING_SECONDS = 1e-6


def is_of_stretch(claim: Claim, stretch: Interval) -> bool:
    """Whether a claim is about times of a stretch alone, and can be read by somebody who sees nothing else.

    Its phrases have no words of time, and tell of no deed: "the man who comes in first" fits nobody there, as it seems.
    Sentences that tell events may only not tell of other events.
    """
    if claim.predicate in _OF_WHOLE_CLIP or not claim.intervals:
        return False
    start, end = stretch.start_seconds - _ROUNDING_SECONDS, stretch.end_seconds + _ROUNDING_SECONDS
    inside = all(start <= one.start_seconds and one.end_seconds <= end for one in claim.intervals)
    words = (TELLS_ORDER,) if PREDICATES[claim.predicate].names is Names.EVENTS else (TELLS_ORDER, _DOES)
    named = (*claim.subject_phrases, *claim.object_phrases)
    return inside and not any(word.search(phrase) for word in words for phrase in named)
