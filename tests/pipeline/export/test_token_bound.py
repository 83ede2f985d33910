"""How many tokens a row has at most."""

from pipeline.export.question import Medium, StoredVisual
from pipeline.export.token_bound import length_limit, visual_tokens


def _visual(count: int, width: int, height: int) -> StoredVisual:
    return StoredVisual("clip", (), None, tuple(map(float, range(count))), float(count), width, height)


def test_two_frames_of_a_video_share_their_tokens() -> None:
    """32 frames of 448 px are 16 x 16 tokens and the marks of a frame each; as a video, of 16 pairs."""
    visual = _visual(32, 448, 448)
    assert visual_tokens(visual, Medium.FRAMES) == 32 * (256 + 20)
    assert visual_tokens(visual, Medium.VIDEO) == 16 * (256 + 20)
    assert visual_tokens(_visual(3, 448, 448), Medium.VIDEO) == 2 * (256 + 20)


def test_small_frames_of_a_video_are_enlarged() -> None:
    """To 128 tokens and a row more: 64 x 48 px become ceil(13.06) x ceil(9.80) tokens."""
    assert visual_tokens(_visual(2, 64, 48), Medium.VIDEO) == 14 * 10 + 20


def test_a_limit_is_rounded_up() -> None:
    """The template has room, too: 200 tokens and 128 around them need 512."""
    assert length_limit(200) == 512
