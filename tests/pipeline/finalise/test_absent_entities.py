"""Where an entity that is named as absent is named truly."""

from pipeline.finalise.absent_entities import elsewhere, presence, rarest_absent
from tests.pipeline.finalise.options import option


def test_other_videos_that_name_an_entity_truly_are_counted() -> None:
    """All words of "dark red" are said truly in "b" and "c" alone; the video that calls it absent does not count."""
    lacking = option("a", absent="dark red", true_words="dark red")
    options = [
        lacking,
        option("b", true_words="the dark and red one"),
        option("c", true_words="red dark"),
        option("d", true_words="red"),
    ]
    where = presence(options)
    assert where == {"dark red": {"a", "b", "c"}}
    assert elsewhere(lacking, where) == 2
    assert rarest_absent(lacking, where) == "dark red"


def test_an_alternative_without_absent_entities_lacks_nothing() -> None:
    """Nothing that it names could be missing elsewhere."""
    plain = option("a", true_words="red")
    assert elsewhere(plain, presence([plain])) == 1
