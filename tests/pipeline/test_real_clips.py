"""A set of the real clips that VIDPREF_TEST_VIDEOS names: its pairs, and what the detector finds in each, seen by eye.

The clips are detected once, by the build of the set.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.run import failures
from schemas.arrow import from_table
from schemas.claim import Axis, Predicate
from schemas.drop import ItemType
from schemas.pair import Pair
from schemas.scene import FACE, EventKind, Scene
from tests.shared import NEEDS_VIDEOS, real_videos

pytestmark = [
    pytest.mark.process,
    pytest.mark.slow(120),
    NEEDS_VIDEOS,
]


SceneOf = Callable[[str], Scene]
"""The scene of a real clip, by the name of its file."""


@pytest.fixture(scope="module")
def real_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set that the shipped recipe builds from all real clips."""
    out = tmp_path_factory.mktemp("real") / "ds"
    run_build(Console(quiet=True), BuildOptions(recipe="facts", videos=str(real_videos()), out=str(out), local=True))
    return out


@pytest.fixture(scope="module")
def scene_of(real_set: Path) -> SceneOf:
    """The scenes in the units of the set. Each of these videos is one clip."""
    scenes = {}
    for file in (real_set / ".work" / "units").rglob("[!.]*.parquet"):
        columns = ["content_sha256", "clips.list.element.scene"]
        for row in pq.ParquetFile(file).read(columns=columns).to_pylist():
            scenes[row["content_sha256"]] = [Scene.model_validate(clip["scene"]) for clip in row["clips"]]

    def scene(name: str) -> Scene:
        (found,) = scenes[hashlib.sha256((real_videos() / name).read_bytes()).hexdigest()]
        return found

    return scene


def test_real_clips_become_a_set_that_holds(real_set: Path) -> None:
    """Most clips yield pairs of many predicates, of all axes and of faces; nothing is lost; the set proves itself."""
    opened = FinishedSet.open(str(real_set))
    video = opened.manifest.account.line(ItemType.VIDEO)
    assert video is not None
    assert video.produced == len([p for p in real_videos().iterdir() if p.suffix in {".mp4", ".avi"}])
    assert video.kept >= 6
    pairs = _pairs(real_set)
    assert len(pairs) >= 40
    assert len({claim.predicate for pair in pairs for claim in pair.chosen_claims}) >= 8
    shares = Counter(pair.axis for pair in pairs)
    assert set(shares) == set(Axis)
    assert any("face" in pair.question for pair in pairs)
    # none of these clips shows simple things, the aerial pan and the still scenes least of all
    claims = [claim for pair in pairs for claim in (*pair.chosen_claims, *pair.rejected_claims)]
    things = [claim for claim in claims if any("face" not in phrase for phrase in claim.subject_phrases)]
    counts = {Predicate.MOVING_COUNT, Predicate.DISTINCT_MOVING_COUNT}
    assert not [claim for claim in claims if claim.predicate in counts or claim in things]
    assert list(failures(opened)) == []


def _pairs(folder: Path) -> list[Pair]:
    return [pair for file in sorted((folder / "pairs").iterdir()) for pair in from_table(Pair, pq.read_table(file))]


def _cut_times(scene: Scene) -> list[float]:
    return [cut.pts_seconds for cut in scene.cuts]


@pytest.mark.parametrize(
    ("name", "cuts"),
    [
        ("cooking.avi", [1.64]),  # a jump cut at 5.2 s, within one picture, is left open
        ("dark_corridor.mp4", [2.6, 4.27, 6.01, 8.41, 11.14]),
        ("great_wall_pan.mp4", []),
        ("living_room.mp4", [0.25]),
        ("telescope.mp4", [8.08]),  # a dissolve at 5.2 s is left open
        ("animation_cuts_30s.mp4", [11.92, 14.5, 15.5, 21.83, 23.92, 25.42, 26.0]),
    ],
)
def test_cuts_are_where_a_viewer_sees_them(scene_of: SceneOf, name: str, cuts: list[float]) -> None:
    """Times read off contact sheets; an analysis step is at most 0.1 s."""
    scene = scene_of(name)
    assert _cut_times(scene) == pytest.approx(cuts, abs=0.1)
    assert [event.pts_seconds for event in scene.events if event.kind is EventKind.CUT] == _cut_times(scene)


def test_fades_are_where_a_viewer_sees_them(scene_of: SceneOf) -> None:
    """Black at 19.7 s. A title on black at 8 s, and pictures that fade to black, or up from it, beside the cuts at
    14.5, 15.5 and 26 s, are left open.
    """
    (fade,) = scene_of("animation_cuts_30s.mp4").fades
    found = [fade.start_seconds, fade.pts_seconds, fade.end_seconds]
    assert found == pytest.approx([18.5, 19.7, 21.0], abs=0.2)


@pytest.mark.parametrize("name", ["cooking.avi", "telescope.mp4", "animation_cuts_30s.mp4"])
def test_the_number_of_shots_is_uncertain_where_an_edit_is_left_open(scene_of: SceneOf, name: str) -> None:
    """A jump cut, a dissolve, a picture that comes up from black after a cut."""
    assert scene_of(name).strongest_non_cut >= 1


def test_nothing_moves_on_the_aerial_pan(scene_of: SceneOf) -> None:
    """The camera circles a tower: no object moves, and no one way is the camera's, nor does it stand still."""
    scene = scene_of("great_wall_pan.mp4")
    assert scene.tracks == ()
    assert scene.tracked == ()
    assert all(measure.shift_x is None for measure in scene.measures)


def test_a_camera_on_a_tripod_stands_still(scene_of: SceneOf) -> None:
    """Living room after its cut, and the kitchen before and after its cut."""
    for name, whole_seconds in (("living_room.mp4", range(1, 6)), ("cooking.avi", (2, 3, 4, 6, 7))):
        measures = scene_of(name).measures
        assert [(measures[i].shift_x, measures[i].scale) for i in whole_seconds] == [(0.0, 1.0)] * len(whole_seconds)


def test_the_telescope_shrinks_as_the_camera_draws_back(scene_of: SceneOf) -> None:
    """Between 9 and 12 s its height falls from about half of the frame's to two fifths."""
    scales = [measure.scale for measure in scene_of("telescope.mp4").measures[9:12]]
    assert all(scale is not None and 0.88 < scale < 0.98 for scale in scales)


def test_a_place_that_comes_back_is_known(scene_of: SceneOf) -> None:
    """In the film, shots 1 and 3 show one face in one setting, 2 and 4 the other."""
    places = {(one.shot_a, one.shot_b): one for one in scene_of("dark_corridor.mp4").places}
    assert places[1, 3].farthest < 0.25
    assert places[2, 4].farthest < 0.25
    assert places[1, 2].nearest > 0.7


def test_the_dark_film_is_dark(scene_of: SceneOf) -> None:
    """No second of it is brighter than a fifth of white."""
    assert max(measure.luma for measure in scene_of("dark_corridor.mp4").measures) < 0.2


def test_every_track_of_a_face_lies_where_a_face_is(scene_of: SceneOf) -> None:
    """Boxes of faces seen on contact sheets, as (clip, seconds, x, y of a point inside the face)."""
    seen = [
        ("cooking.avi", 0.2, 0.645, 0.27),
        ("street_phone.mp4", 7.9, 0.52, 0.31),
        ("dark_corridor.mp4", 6.2, 0.55, 0.4),
    ]
    for name, seconds, x, y in seen:
        tracks = [track for track in scene_of(name).tracks if track.label == FACE]
        points = [point for track in tracks for point in track.path if abs(point.pts_seconds - seconds) < 0.08]
        assert any(point.x0 < x < point.x1 and point.y0 < y < point.y1 for point in points), name


@pytest.mark.parametrize("name", ["great_wall_pan.mp4", "living_room.mp4", "telescope.mp4", "tablet_drawing.mp4"])
def test_no_face_is_seen_where_none_is(scene_of: SceneOf, name: str) -> None:
    """No frontal face is in these clips."""
    assert not [track for track in scene_of(name).tracks if track.label == FACE]


def test_one_woman_is_one_face(scene_of: SceneOf) -> None:
    """In the street she turns away, and holds a hand before her face, for up to 2.7 s."""
    assert len([track for track in scene_of("street_phone.mp4").tracks if track.label == FACE]) == 1


def test_an_edit_that_is_left_open_leaves_its_second_open(scene_of: SceneOf) -> None:
    """The jump cut in the kitchen at 5.2 s, and the dissolve to the telescope in the same second."""
    assert scene_of("cooking.avi").measures[5].shift_x is None
    assert scene_of("telescope.mp4").measures[5].shift_x is None
