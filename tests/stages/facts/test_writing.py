"""What is asked about writing: which word, in which part of the clip, in which third of the picture."""

from collections.abc import Iterator

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.clip import Frame
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.scene import Scene
from stages.claims.proof import ProofConfig
from stages.facts.writer import FactsWriter
from stages.reading.tracks import with_writing
from tests.readings import MOMENTS, read_scene, reading, sign
from tests.stages.facts.clips import clip_of, signs


def groups_about(content: Scene) -> Iterator[CandidateGroup]:
    """All groups about words; of questions that ask for one fact, which is asked depends on the seed."""
    for seed in range(4):
        written = FactsWriter(negatives=()).write(clip_of(content), 200, ProofConfig(), np.random.default_rng(seed))
        for offered in written:
            for group in () if isinstance(offered, Drop) else offered:
                if '"' in group.question + group.chosen.text:
                    yield group


def asked_of(content: Scene) -> set[str]:
    """The slots without the clip's name."""
    return {group.slot_id.partition("/")[2] for group in groups_about(content)}


def read(*lines: object) -> Scene:
    """A clip of these readings, with tracks."""
    frames = [Frame(pts_seconds=moment, jpeg=b"jpeg") for moment in MOMENTS]
    return with_writing(read_scene(*lines), frames)  # type: ignore[arg-type]


def test_a_word_is_asked_for_by_what_when_and_where() -> None:
    """Among words of other videos and among those of the clip, by its half or third, and by its place."""
    found = asked_of(signs())
    assert {"written.market", "written.welcome"} & found
    assert any(slot.startswith(("written.market.", "written.welcome.")) for slot in found)
    assert any(slot.startswith("written_when.") for slot in found)
    assert any(slot.startswith('across.word "') for slot in found)


def test_places_are_left_open_for_words_of_other_videos() -> None:
    """A group about the whole clip has its true answer alone; one about a stretch has the clip's own words."""
    for group in groups_about(signs()):
        words = [answer.claim.value for answer in group.answers]
        if group.slot_id.endswith("/written.market"):
            assert (group.open_words, words) == (3, ["market"])
        elif "/written.market." in group.slot_id:
            assert group.open_words == 0
            assert set(words) == {"market", "welcome"}


def test_texts_name_words_in_capitals() -> None:
    """Readers waver over case, so that it tells nothing."""
    for group in groups_about(signs()):
        quoted = (group.question + " " + " ".join(answer.text for answer in group.answers)).split('"')[1::2]
        assert quoted
        assert all(word in ("MARKET", "WELCOME") for word in quoted)


@pytest.mark.parametrize("text", ["5", "12:30", "a is", "laion.ai"])
def test_digits_short_words_and_addresses_are_not_asked_about(text: str) -> None:
    """Nothing is said of what is not a whole word of letters."""
    assert asked_of(read(*sign(text))) == set()


def test_a_doubtful_word_is_not_asked_about() -> None:
    """One other reading at its place is enough."""
    assert asked_of(read(*sign("MARKET"), reading(MOMENTS[3], "MARKFT", scale=1.5))) == set()


def test_every_answer_about_words_is_of_the_right_type() -> None:
    """OCR where words are read; location where their place is asked."""
    types = {(g.chosen.claim.predicate, g.question_type.value) for g in groups_about(signs())}
    assert types == {(Predicate.READS, "OCR"), (Predicate.IN_REGION, "location")}
