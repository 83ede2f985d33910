"""The lines about a pair say what it is, how it was made wrong, and what was checked."""

from pipeline.presentation.pair_lines import corruption_words, pair_lines
from schemas.pair import ClaimEdit, Corruption, FramesCorruption, PromptCorruption
from tests.finished import Whole


def test_each_pair_has_its_texts_and_grounds(whole: Whole) -> None:
    """Question, answers and grounds once each, with the pair's own words."""
    [pair, *_] = whole.finalised.videos[0].pairs()
    clip = next(clip for clip in whole.clips if clip.clip_id == pair.clip_id)
    lines = list(pair_lines(pair, clip))
    named = dict(lines)
    assert (named["question"], named["chosen"], named["rejected"]) == (pair.question, pair.chosen, pair.rejected)
    assert named["grounds"] == pair.grounds.value
    assert [name for name, _ in lines].count("chosen") == 1


def test_how_an_answer_was_made_wrong_is_said_in_words(whole: Whole) -> None:
    """The edit and what it changed, the frames that were withheld, and a prompt that misled."""
    [pair, *_] = whole.finalised.videos[0].pairs()
    made = Corruption(
        edit=ClaimEdit.SWAP_SIDES,
        edit_of="value",
        frames=FramesCorruption.SPARSE,
        prompt=PromptCorruption.FALSE_PREMISE,
    )
    words = corruption_words(pair.model_copy(update={"corruption": made}))
    assert words == "swap sides, applied to the claim's value; shown sparse frames; told to make an error"
