"""What is left of a set after a filter is read again: leaving questions out may tell which answers are right."""

from collections.abc import Iterable, Iterator, Sequence

from pipeline.audit.scores import SHUFFLED, WHOLE_PARTS, ReaderScore, text_scores
from pipeline.blind_readers.groups import BlindGroup

_GUESSABLE = 0.60
"""Above this share of right guesses what is left is warned of."""
_CHANCE = 0.5


def told_again(groups: Sequence[BlindGroup]) -> Iterator[str]:
    """Lines that say how often the three readers of text are right in what is left of a set, and warnings."""
    scores = text_scores(groups)
    if not scores:
        yield "what is left is about one video: how well its answers can be guessed cannot be measured"
    for part in WHOLE_PARTS:
        if right := [f"{score.accuracy:.3f}" for score in scores if score.part == part]:
            named = f" ({part})" if part != WHOLE_PARTS[0] else ""
            readers = "readers of an answer, of the question with it, and of all answers"
            yield f"in what is left{named}, {readers} are right in {', '.join(right)} of the pairs; 0.5 is chance"
    yield from warnings(scores)


def warnings(scores: Iterable[ReaderScore]) -> Iterator[str]:
    """A line for each score above 0.60; for one axis or kind only if its whole interval is above chance."""
    for score in scores:
        if score.accuracy <= _GUESSABLE or score.part == SHUFFLED:
            continue
        if score.part in WHOLE_PARTS or score.low > _CHANCE:
            yield (
                f"warning: without what was left out, the reader of {score.reader.value} is right in "
                f"{score.accuracy:.3f} ({score.low:.3f} to {score.high:.3f}) of the pairs: "
                f"{score.part.replace('_', ' ')}; vidpref audit --reviews shows by which words"
            )
