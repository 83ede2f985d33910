"""Words that tell are found, and words that lean by chance, or in a few videos, are not."""

import numpy as np

from pipeline.audit.pairs import pair_texts
from pipeline.audit.words import WordLeans
from pipeline.blind_readers.groups import BlindGroup
from schemas.pair import RejectedKind
from stages.seeding import rng_for


def told(answers: list[tuple[str, str, str]]) -> dict[str, tuple[int, int, int]]:
    """What is found in pairs, given as video, chosen and rejected."""
    kinds = (RejectedKind.RELEVANT,)
    pairs = pair_texts(
        [BlindGroup(str(n), video, "c", None, "?", texts, kinds) for n, (video, *texts) in enumerate(answers)]
    )
    every = np.ones(len(answers), dtype=np.bool_)
    return {one.words: (one.chosen, one.rejected, one.videos) for one in WordLeans(pairs).telling(every)}


def test_a_word_on_one_side_is_found_with_its_counts() -> None:
    """In each of 30 videos the rejected answer ends with "instead": the word alone is listed, and neither the pairs of
    words that hold it nor the colours, which are as often right as wrong.
    """
    colours = ("red", "blue", "green")
    answers = [(f"v{n}", f"It is {colours[n % 3]}.", f"It is {colours[(n + 1) % 3]} instead.") for n in range(30)]
    assert told(answers) == {"instead": (0, 30, 30)}


def test_a_beginning_may_tell_though_its_words_do_not() -> None:
    """Both answers hold both words: only what they begin and end with differs."""
    answers = [(f"v{n}", "Left then right.", "Right then left.") for n in range(30)]
    assert set(told(answers)) <= {
        "^ left",
        "^ right",
        "left then",
        "right then",
        "then left",
        "then right",
        "left $",
        "right $",
    }
    assert told(answers)


def test_many_pairs_of_one_video_are_one_witness() -> None:
    """A word in 100 pairs of five videos may be about these videos: it is not listed."""
    assert told([(f"v{n % 5}", "It is a dog.", "It is a cat.") for n in range(100)]) == {}


def test_what_leans_in_more_videos_but_not_in_more_pairs_does_not_tell() -> None:
    """40 videos with one pair each lean to one side, 8 with five pairs each as strongly to the other."""
    ones = [(f"v{n}", "It goes.", "It stays.") for n in range(40)]
    fives = [(f"w{n % 8}", "It stays.", "It goes.") for n in range(40)]
    assert told(ones + fives) == {}


def test_random_words_do_not_tell() -> None:
    """In 20 sets of 60 pairs with words drawn alike for both sides, a word is listed in at most three: by chance 0.05
    of the sets would list one, and four of 20 happen in less than 0.02 of all draws.
    """
    words = [f"w{number}" for number in range(40)]
    listed = 0
    for seed in range(20):
        rng = rng_for(seed, "tests", "words")
        drawn = [" ".join(rng.choice(words, 4, replace=False)) for _ in range(120)]
        listed += bool(told([(f"v{n // 2}", drawn[2 * n], drawn[2 * n + 1]) for n in range(60)]))
    assert listed <= 3
