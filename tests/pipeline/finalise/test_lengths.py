"""Pairs are matched by length, so that the better answer is not told by it."""

import numpy as np
import pytest

from pipeline.finalise.lengths import PairLengths, length_correlation, length_matched


def judged(count: int, bias: float) -> list[PairLengths]:
    """Pairs of answers of 4 to 19 words; a share `bias` of them is decided by length alone, the others by lot."""
    rng = np.random.default_rng(0)
    drawn = [(int(a), int(b)) for a, b in rng.integers(4, 20, (count, 2))]
    return [
        PairLengths(max(pair), min(pair)) if by_length else PairLengths(*pair)
        for pair, by_length in zip(drawn, rng.random(count) < bias, strict=True)
    ]


def kept(pairs: list[PairLengths]) -> list[PairLengths]:
    return [pair for pair, stays in zip(pairs, length_matched(pairs, 0.05), strict=True) if stays]


def test_the_correlation_is_pearsons() -> None:
    """It equals numpy's of the label, 1 or -1, with the words of all answers."""
    pairs = judged(200, bias=0.5)
    words = [pair.better for pair in pairs] + [pair.worse for pair in pairs]
    labels = [1] * len(pairs) + [-1] * len(pairs)
    assert length_correlation(pairs) == pytest.approx(np.corrcoef(words, labels)[0, 1], abs=1e-12)


def test_of_answers_of_one_length_nothing_correlates() -> None:
    """The correlation is 0 if all answers have as many words, and if there are none."""
    assert length_correlation([PairLengths(5, 5)] * 3) == length_correlation([]) == 0.0


@pytest.mark.parametrize(("bias", "least"), [(0.3, 0.65), (0.5, 0.5)])
def test_a_length_bias_is_taken_out(bias: float, least: float) -> None:
    """With a share b of verdicts by length, 1 - b of the pairs could be matched exactly: about as many stay, without
    a correlation and with as many longer better answers as shorter ones.
    """
    pairs = judged(800, bias)
    left = kept(pairs)
    longer = sum(pair.longer_by > 0 for pair in left)
    shorter = sum(pair.longer_by < 0 for pair in left)
    assert length_correlation(pairs) > 0.15
    assert len(left) >= least * len(pairs)
    assert abs(length_correlation(left)) <= 0.05
    assert abs(longer - shorter) <= 0.05 * len(left)


def test_what_chance_gives_stays() -> None:
    """Pairs that no length decides are all kept: one standard deviation is no habit."""
    pairs = judged(800, bias=0.0)
    assert kept(pairs) == pairs


def test_nothing_is_left_where_the_longer_answer_is_always_better() -> None:
    """Where length decides everything, only a few pairs with the least differences can stay."""
    pairs = [PairLengths(better=10, worse=5)] * 100
    assert kept(pairs) == []
    equal = [PairLengths(5, 5)] * 100
    assert kept([*pairs, *equal]) == equal  # among answers of one length a longer one stands out


def test_a_difference_is_matched_by_one_of_its_size() -> None:
    """A better answer that is 10 words longer is not made up for by one that is a word shorter."""
    pairs = [PairLengths(15, 5), PairLengths(5, 6)] * 200
    left = kept(pairs)
    assert sum(pair.longer_by for pair in left) <= 0.05 * 2 * len(left) * 5  # of words that differ by at most 10
    assert length_correlation(left) <= 0.05
