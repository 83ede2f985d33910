"""How often the texts of a set repeat each other, word for word or nearly.

Texts are nearly the same if they have the same words in the same order but for little ones, such as "the" and "is": so
"What is on the table?" and "What's on a table?" are, and two sentences that differ in a number, a colour or a negation
never are.
"""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from pipeline.blind_readers.features import words_of
from pipeline.blind_readers.groups import BlindGroup
from schemas.pair import normalise_text
from schemas.record import Record

_LITTLE = frozenset(
    "a an the this that these those is are was were be been being am do does did has have had s there it its".split()  # noqa: SIM905 a list of words reads best as text
)


_LONGEST = 200
"""Characters of a text that are shown at most."""


class Repeats(Record):
    """How often rows repeat other rows."""

    repeated_pairs: int = Field(ge=0)
    """Pairs with the same clip, shown alike, question and answers as another pair."""
    repeated_questions: int = Field(ge=0)
    """Groups with the same clip, shown alike, and question as another group."""
    near_questions: int = Field(ge=0)
    """Further groups with the same clip, shown alike, and nearly the same question as another group."""
    near_pairs: int = Field(ge=0)
    """Pairs whose chosen and rejected answers are nearly the same, so that the label means nothing."""
    near_rejected: int = Field(ge=0)
    """Rejected answers that are nearly the same as another one to their question."""
    commonest_question: str
    """The commonest question, or its beginning."""
    commonest_question_share: float = Field(ge=0, le=1)
    """Share of groups with that question."""
    commonest_answer: str
    """The commonest chosen answer, or its beginning."""
    commonest_answer_share: float = Field(ge=0, le=1)
    """Share of groups with that chosen answer."""


def repeats(groups: Sequence[BlindGroup]) -> Repeats:
    """Count repeats after normalising case, accents and punctuation; `groups` must not be empty."""
    shown = [(group.shown, normalise_text(group.question)) for group in groups]
    near = {(group.shown, _main_words(group.question)) for group in groups}
    pairs = Counter(
        (*where, normalise_text(group.texts[0]), normalise_text(rejected))
        for where, group in zip(shown, groups, strict=True)
        for rejected in group.texts[1:]
    )
    question, asked = _commonest([group.question for group in groups])
    answer, said = _commonest([group.texts[0] for group in groups])
    return Repeats(
        repeated_pairs=sum(pairs.values()) - len(pairs),
        repeated_questions=len(shown) - len(set(shown)),
        near_questions=len(set(shown)) - len(near),
        near_pairs=sum(
            _main_words(text) == _main_words(group.texts[0]) for group in groups for text in group.texts[1:]
        ),
        near_rejected=sum(len(group.texts) - 1 - len(set(map(_main_words, group.texts[1:]))) for group in groups),
        commonest_question=question,
        commonest_question_share=round(asked, 4),
        commonest_answer=answer,
        commonest_answer_share=round(said, 4),
    )


def _main_words(text: str) -> tuple[str, ...]:
    """The words of a text in order, without little ones; all of them if there are no others."""
    words = [word.removesuffix("'s") for word in words_of(text.replace("’", "'"))]
    return tuple(word for word in words if word not in _LITTLE) or tuple(words)


def _commonest(texts: Sequence[str]) -> tuple[str, float]:
    """The commonest of some texts as it is first written, or its beginning if it is long, and its share."""
    [(common, count)] = Counter(map(normalise_text, texts)).most_common(1)
    return next(text for text in texts if normalise_text(text) == common)[:_LONGEST], count / len(texts)
