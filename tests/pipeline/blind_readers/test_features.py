"""What the readers see of a candidate."""

import numpy as np

from pipeline.blind_readers.features import answer_features, group_features, question_features, words_of
from pipeline.blind_readers.groups import BlindGroup
from schemas.claim import Axis
from schemas.pair import RejectedKind


def test_the_whole_group_is_seen() -> None:
    """The features of a candidate depend on all answers of its group, of whatever kind."""
    texts = ("The red one goes left.", "The red one goes right.", "The pink one goes left.")
    kinds = (RejectedKind.RELEVANT, RejectedKind.IRRELEVANT)
    whole = BlindGroup("g", "v", "c", Axis.SPATIAL, "Which one?", texts, kinds)
    other = BlindGroup("h", "v", "c", Axis.SPATIAL, "Which one?", (*texts[:2], "Nothing does."), kinds)
    features_CF = group_features([whole, other]).toarray()
    assert not np.allclose(features_CF[0], features_CF[3])


def test_features_ignore_where_the_chosen_answer_stands() -> None:
    """Features do not depend on the order in which the answers of a group are stored."""
    texts = ("The red one goes left.", "It stands.", "The pink one goes left now.")
    kinds = (RejectedKind.RELEVANT, RejectedKind.RELEVANT)
    forward = BlindGroup("g", "v", "c", Axis.SPATIAL, "Which one?", texts, kinds)
    backward = BlindGroup("g", "v", "c", Axis.SPATIAL, "Which one?", texts[::-1], kinds)
    assert np.allclose(group_features([forward]).toarray(), group_features([backward]).toarray()[::-1])


def test_words_are_lower_case_without_punctuation() -> None:
    """An apostrophe inside a word belongs to it; an underscore separates words."""
    assert words_of("It isn't the RED_one, is it?") == ["it", "isn't", "the", "red", "one", "is", "it"]


def test_every_candidate_has_a_row() -> None:
    """Two groups of two and three answers make five rows; a reader of answers alone sees nothing of the question."""
    two, three = (
        BlindGroup(str(n), "v", "c", Axis.SPATIAL, "Where?", ("Left.", "Right.", "Up there.")[:n], ()) for n in (2, 3)
    )
    for features in (answer_features, question_features, group_features):
        assert features([two, three]).shape[0] == 5
    asked = BlindGroup("2", "v", "c", Axis.SPATIAL, "What colour?", two.texts, ())
    assert (answer_features([two, three]) != answer_features([asked, three])).nnz == 0
    assert (question_features([two, three]) != question_features([asked, three])).nnz > 0
