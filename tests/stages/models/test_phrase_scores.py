"""Scores of tokens become scores of phrases."""

import pytest
import torch
from torch import Tensor

from schemas.errors import ModelError
from stages.models.detections import Detection
from stages.models.phrase_scores import MOST_TOKENS, detections_of, over_texts, phrase_chunks, text_of, token_runs

CLS, SEP, DOT = 101, 102, 1012
SEPARATORS = frozenset({CLS, SEP, DOT})
PHRASES = ("red ball", "dog")
RUNS = [slice(1, 3), slice(4, 5)]
"""Tokens of "[CLS] red ball . dog . [SEP]"."""


def _logits(*queries: dict[int, float]) -> Tensor:
    """[1, Q, 8]: probabilities of tokens as logits; all others are far below any threshold."""
    logits = torch.full((1, len(queries), 8), float("-inf"))
    for number, query in enumerate(queries):
        for token, probability in query.items():
            logits[0, number, token] = torch.logit(torch.tensor(probability))
    return logits


def _boxes(*centres: float) -> Tensor:
    """[1, Q, 4]: boxes a fifth of the frame wide at these x."""
    return torch.tensor([[[x, 0.5, 0.2, 0.2] for x in centres]])


def _found(logits: Tensor, boxes: Tensor, least: float = 0.2) -> list[Detection]:
    [found] = detections_of(logits, boxes, RUNS, PHRASES, [least, least])
    return found


def test_the_runs_of_tokens_between_separators_are_the_phrases() -> None:
    """[CLS] red ball . dog . [SEP]: tokens 1 and 2 are the first phrase's, token 4 is the second's."""
    assert token_runs([CLS, 7, 8, DOT, 9, DOT, SEP], SEPARATORS, PHRASES) == RUNS
    assert text_of(PHRASES) == "red ball. dog."


def test_a_phrase_that_the_tokenizer_splits_is_refused() -> None:
    """Three runs for two phrases: no run could be told to be whose."""
    with pytest.raises(ModelError, match="reads 3 phrases"):
        token_runs([CLS, 7, DOT, 8, DOT, 9, DOT, SEP], SEPARATORS, PHRASES)


def test_a_phrase_has_the_best_score_of_its_tokens_and_its_margin_over_the_others() -> None:
    """0.5 and 0.7 for "red ball", 0.3 for "dog": 0.7 with 0.4 ahead, and 0.3 with 0.4 behind at the same place."""
    ball, dog = _found(_logits({1: 0.5, 2: 0.7, 4: 0.3}), _boxes(0.5))
    assert (ball.phrase, ball.score, ball.margin) == ("red ball", pytest.approx(0.7), pytest.approx(0.4))
    assert (dog.phrase, dog.score, dog.margin) == ("dog", pytest.approx(0.3), pytest.approx(-0.4))
    assert ball.box_xyxy_norm == pytest.approx((0.4, 0.4, 0.6, 0.6))


def test_nothing_counts_below_its_threshold() -> None:
    """Tokens of separators, and tokens that score 0.19 where 0.2 is the least."""
    assert _found(_logits({0: 0.9, 3: 0.9, 4: 0.19}), _boxes(0.5)) == []


def test_one_thing_found_twice_is_one_detection_and_two_things_are_two() -> None:
    """Two queries 0.01 apart on a box of width 0.2 (intersection over union 0.9), and one beside them."""
    found = _found(_logits({4: 0.6}, {4: 0.8}, {4: 0.5}), _boxes(0.3, 0.31, 0.7))
    assert [round(one.score, 3) for one in found] == [0.8, 0.5]


def test_scores_that_are_no_numbers_are_refused() -> None:
    """Nothing would exceed a threshold, and everything would be called absent."""
    with pytest.raises(ModelError, match="not numbers"):
        _found(_logits({1: 0.5}) * float("nan"), _boxes(0.5))


def test_phrases_are_asked_for_in_texts_that_fit() -> None:
    """Phrases of 100 tokens and the two ends: two fit into 256 tokens, three do not; each is asked for once."""
    phrases = [f"{name} {'x ' * 98}" for name in "abcde"]

    def token_ids(text: str) -> list[int]:
        return [CLS, *range(len(text.replace(".", " .").split())), SEP]

    chunks = list(phrase_chunks(phrases, token_ids))
    assert chunks == [(0, 2), (2, 4), (4, 5)]
    assert all(len(token_ids(text_of(phrases[first:end]))) <= MOST_TOKENS for first, end in chunks)
    with pytest.raises(ModelError, match="has 301 tokens"):
        list(phrase_chunks(["x " * 300], token_ids))


def test_a_margin_counts_the_phrases_of_other_texts() -> None:
    """A dog of 0.6 where another text found a cat of 0.5: 0.1 ahead, the cat 0.1 behind; what is elsewhere stays."""
    dog = Detection("dog", 0.6, 0.6, (0.1, 0.1, 0.5, 0.5))
    cat = Detection("cat", 0.5, 0.5, (0.1, 0.1, 0.5, 0.52))
    ball = Detection("ball", 0.4, 0.4, (0.6, 0.6, 0.9, 0.9))
    found = over_texts([[ball, dog], [cat]])
    assert [(one.phrase, round(one.margin, 6)) for one in found] == [("dog", 0.1), ("cat", -0.1), ("ball", 0.4)]
