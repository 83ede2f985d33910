"""Which tokens of an answer hold which of its characters."""

import re

import pytest

from stages.models.video_llm.transcript import answer_ids
from tests.trainer.checkpoints import FAMILIES
from tests.trainer.groups_of_text import ANSWERS, QUESTION, family_of


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("blanks", ["", "  "], ids=["as stored", "blanks before it"])
def test_the_tokens_of_each_word_are_found(name: str, blanks: str) -> None:
    """The tokens that touch a word spell it, with the blank or the comma beside it at most; all words leave
    blanks and EOS; no stretch takes none.
    """
    family, answer = family_of(name), blanks + ANSWERS[3]
    ids = answer_ids(family.processor, QUESTION, answer)
    decode = family.processor.tokenizer.decode
    words = [(found.start(), found.end()) for found in re.finditer(r"[\w.,]+", answer)]
    for start, end in words:
        marks = family.touched(QUESTION, answer, [(start, end)])
        spelled = decode([token for token, marked in zip(ids, marks, strict=True) if marked])
        assert spelled.strip() == answer[start:end]
    left = [token for token, marked in zip(ids, family.touched(QUESTION, answer, words), strict=True) if not marked]
    assert decode(left).strip() == family.processor.tokenizer.eos_token
    assert not any(family.touched(QUESTION, answer, ()))
