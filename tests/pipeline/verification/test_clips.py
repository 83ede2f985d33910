"""Clips that are not what a clip must be are reported."""

import pytest

from schemas.arrow import to_table
from schemas.clip import Clip
from tests.finished import Whole
from tests.pipeline.verification.damage import CLIPS, found, problems_of, rewrite, stored_clips, stored_pairs
from tests.scenes import fade


def rewrite_first(copy: Whole, **changes: object) -> Clip:
    """Change the first clip of the set."""
    [first, *rest] = stored_clips(copy)
    rewrite(copy, CLIPS, to_table(Clip, [first.model_copy(update=changes), *rest]))
    return first


def test_a_clip_that_lost_its_pictures_is_reported(copy: Whole) -> None:
    """Frames that are not JPEGs are one problem of their clip."""
    frames = tuple(frame.model_copy(update={"jpeg": b"text"}) for frame in stored_clips(copy)[0].frames)
    clip = rewrite_first(copy, frames=frames)
    assert problems_of(copy, f"clip {clip.clip_id}") == ["a frame is not a complete JPEG"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"fades": (fade(20.0),)}, "a shot begins outside the clip"),
        ({"end_seconds": 99.0}, "its scene covers other seconds than the clip"),
    ],
)
def test_a_scene_of_other_times_is_reported(copy: Whole, change: dict[str, object], problem: str) -> None:
    """A clip of ten seconds whose scene knows of later ones."""
    clip = rewrite_first(copy, scene=stored_clips(copy)[0].scene.model_copy(update=change))
    assert problem in problems_of(copy, f"clip {clip.clip_id}")


def test_pairs_that_a_changed_scene_no_longer_proves_are_reported(copy: Whole) -> None:
    """Without the paths of its tracks a clip proves no movement: every pair about one is reported."""
    scene = stored_clips(copy)[0].scene
    still = tuple(track.model_copy(update={"path": track.path[:1]}) for track in scene.tracks)
    clip = rewrite_first(copy, scene=scene.model_copy(update={"tracks": still}))
    about_movement = {
        f"pair {pair.pair_id}" for pair in stored_pairs(copy) if pair.clip_id == clip.clip_id and "moves" in pair.chosen
    }
    assert about_movement
    assert about_movement <= {failure.item for failure in found(copy)}
