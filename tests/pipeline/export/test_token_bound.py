"""A limit that holds the longest row, whatever the tokenizer."""

import pytest

from pipeline.export.question import Medium, StoredVisual
from pipeline.export.token_bound import length_limit, text_tokens, visual_tokens


def visual(count: int, width: int, height: int) -> StoredVisual:
    """Frames of one size."""
    return StoredVisual("v", (), None, tuple(map(float, range(count))), float(count), width, height)


@pytest.mark.parametrize(("medium", "shown"), [(Medium.FRAMES, 32), (Medium.VIDEO, 16)])
def test_32_frames_of_448_pixels_fit(medium: Medium, shown: int) -> None:
    """Qwen2.5-VL makes 16 x 16 tokens of 448 x 448 pixels, with a mark before and after; two frames of a video share
    theirs. The limit leaves room, but under a tenth more for images.
    """
    least = shown * (16 * 16 + 2)
    assert least <= visual_tokens(visual(32, 448, 448), medium) < 1.1 * least


@pytest.mark.parametrize(
    ("medium", "width", "height", "tokens"),
    [
        (Medium.FRAMES, 10, 100, 7),  # enlarged by sqrt(4 x 28 x 28 / 1000) = 1.77 to 18 x 177: 1 x 7
        (Medium.FRAMES, 450, 29, 34),  # 16.07 x 1.04, rounded up: 17 x 2
        (Medium.VIDEO, 224, 224, 144),  # enlarged by sqrt(2) to 317 x 317: 11.3, rounded up to 12
    ],
)
def test_small_and_odd_frames_fit(medium: Medium, width: int, height: int, tokens: int) -> None:
    """Qwen's own code enlarges small frames, and fits sides to multiples of 28."""
    assert visual_tokens(visual(2, width, height), medium) >= tokens * (2 if medium is Medium.FRAMES else 1)


def test_a_text_has_no_more_tokens_than_bytes() -> None:
    """Two ASCII letters and two Chinese characters of three bytes each."""
    assert text_tokens("ab", "你好") == 8


def test_a_limit_is_a_multiple_of_256_with_room_for_the_template() -> None:
    """128 tokens of room: 896 + 128 is 1024, and one more is the next step."""
    assert (length_limit(896), length_limit(897)) == (1024, 1280)
