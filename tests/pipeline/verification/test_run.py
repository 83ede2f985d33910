"""A finished set is proven again from what is stored; each kind of damage is named."""

import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.shard_writer import ShardSizes
from pipeline.verification.run import VerifyOptions, failures, run_verify
from schemas.arrow import arrow_schema, from_table, to_table
from schemas.claim import Claim, Predicate
from schemas.clip import Clip
from schemas.errors import DatasetError
from schemas.interval import Interval
from schemas.pair import Evidence, Pair, VisualKind, VisualLevel, VisualNegative
from tests.finished import Whole, write_set
from tests.scenes import fade

PAIRS = "pairs/part-00000.parquet"
CLIPS = "clips/part-00000.parquet"


@pytest.fixture
def whole(tmp_path: Path) -> Whole:
    """A set of eight clips."""
    return write_set(tmp_path / "ds", videos=8)


def test_a_whole_set_has_no_failure(whole: Whole) -> None:
    """Nothing is named in a set that is as it was built."""
    assert list(failures(FinishedSet.open(str(whole.path)))) == []


def test_a_flipped_byte_is_named(whole: Whole) -> None:
    """One changed byte in the middle of a shard changes its SHA-256."""
    path = whole.path / CLIPS
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert any(line.startswith(f"{CLIPS}: SHA-256 is") for line in _lines(whole))


def test_a_truncated_shard_is_named(whole: Whole) -> None:
    """A shard that lost its end is named by its size, and reading goes on."""
    path = whole.path / PAIRS
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 2])
    assert f"{PAIRS}: {size // 2} bytes, dataset.json says {size}" in _lines(whole)


def test_a_missing_shard_is_named(whole: Whole) -> None:
    """A shard that is listed and not there is named."""
    (whole.path / CLIPS).unlink()
    assert f"{CLIPS}: the file is missing" in _lines(whole)


def test_a_surplus_shard_is_named(whole: Whole) -> None:
    """A shard that is there and not listed is named."""
    surplus = whole.path / "pairs" / "part-00001.parquet"
    surplus.write_bytes((whole.path / PAIRS).read_bytes())
    assert "pairs/part-00001.parquet: dataset.json does not list it" in _lines(whole)


Change = Callable[[Pair], Pair]
EARLY, LATE = Interval(start_seconds=2, end_seconds=4), Interval(start_seconds=6, end_seconds=8)
REVERSED = VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.REVERSED)
"""No words of the pairs name the seconds that they speak of: what a reversed clip shows then is not known."""


def _borrowing(clip_id: str) -> VisualNegative:
    return VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.OTHER_VIDEO, other_clip_id=clip_id)


def _with(**fields: object) -> Change:
    return lambda pair: pair.model_copy(update=fields)


def _wrong_claim(pair: Pair) -> Pair:
    """The chosen answer now asserts what the rejected one does."""
    return pair.model_copy(update={"chosen_claim": pair.rejected_claim})


def _true_rejection(pair: Pair) -> Pair:
    return pair.model_copy(update={"rejected_claim": pair.chosen_claim})


def _other_margin(pair: Pair) -> Pair:
    assert pair.chosen_claim is not None
    assert pair.chosen_claim.margin is not None
    claim = pair.chosen_claim.model_copy(update={"margin": pair.chosen_claim.margin + 0.01})
    return pair.model_copy(update={"chosen_claim": claim})


def _evidence(**fields: object) -> Change:
    return lambda pair: pair.model_copy(update={"evidence": pair.evidence.model_copy(update=fields)})


def _saying(predicate: Predicate, *intervals: Interval, **fields: object) -> Change:
    """The chosen answer now asserts that its thing is, or goes, left."""
    return lambda pair: pair.model_copy(
        update={
            "chosen_claim": Claim.model_validate(
                dict(_claim(pair)) | {"predicate": predicate, "intervals": intervals, "value": "left", "margin": None}
            ),
            **fields,
        }
    )


def _claim(pair: Pair) -> Claim:
    assert pair.chosen_claim is not None
    return pair.chosen_claim


_ELSEWHERE = VisualNegative(
    level=VisualLevel.PERCEPTIVE, kind=VisualKind.OTHER_FRAME, preferred_frame_index=99, frame_index=0
)
_CROSS_FRAME = _saying(Predicate.DISPLACED, EARLY, LATE, evidence=Evidence(frame_indices=(99,)))
_PERCEPTIVE = _saying(Predicate.IN_REGION, EARLY, visual_negatives=(_ELSEWHERE,))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(_with(clip_id="nowhere"), "clip nowhere is not in the set", id="clip"),
        pytest.param(_with(video_id="another"), "its video is another", id="video"),
        pytest.param(_with(question="Who is it?"), "in what a group shares", id="group"),
        pytest.param(_with(twin_of="no group"), "the twin of no group", id="twin"),
        pytest.param(_with(visual_negatives=(REVERSED,)), "visual negative negative not false", id="negative"),
        pytest.param(_with(visual_negatives=(_borrowing("nowhere"),)), "clip nowhere is not in the set", id="borrowed"),
        pytest.param(_evidence(frame_indices=(99,)), "a frame is not in the clip", id="frame"),
        pytest.param(_CROSS_FRAME, "a frame is not in the clip", id="frame of a still"),
        pytest.param(_PERCEPTIVE, "a frame is not in the clip", id="frame of a negative"),
        pytest.param(_evidence(track_ids=("t99",)), "a track is not in the clip", id="track"),
        pytest.param(_evidence(segment_ids=("s99",)), "a segment is not in the clip", id="segment"),
        pytest.param(_wrong_claim, "chosen not true", id="chosen claim"),
        pytest.param(_true_rejection, "rejected not false", id="rejected claim"),
        pytest.param(_other_margin, "a different margin is stored", id="margin"),
        pytest.param(_with(rejected="It moves"), "not a complete sentence", id="invariant"),
        pytest.param(_with(chosen="IT MOVES, LEFT!", rejected="It moves left."), "equal after normalising", id="equal"),
    ],
)
def test_an_edited_pair_is_named(whole: Whole, change: Change, named: str) -> None:
    """A row that was edited, with hashes put right, is named with what it breaks; the other rows are not."""
    pairs = from_table(Pair, pq.read_table(whole.path / PAIRS))
    edited = next(i for i, pair in enumerate(pairs) if pair.chosen.startswith("It moves"))
    _rewrite(whole, PAIRS, to_table(Pair, [change(p) if i == edited else p for i, p in enumerate(pairs)]))
    lines = _lines(whole)
    assert any(named in line for line in lines)
    others = [pair.pair_id for pair in pairs if pair.group_id != pairs[edited].group_id]
    assert not [line for line in lines if any(line.startswith(f"pair {other}:") for other in others)]


def test_a_twin_with_other_texts_is_named(whole: Whole) -> None:
    """A group that is called the twin of one that asks something else is named."""
    pairs = from_table(Pair, pq.read_table(whole.path / PAIRS))
    [first, second] = sorted({pair.group_id for pair in pairs})[:2]
    twins = [pair.model_copy(update={"twin_of": first}) if pair.group_id == second else pair for pair in pairs]
    _rewrite(whole, PAIRS, to_table(Pair, twins))
    named = f"group {second}: it is the twin of {first}, which has another question or other answers"
    assert named in _lines(whole)


def test_visual_negatives_of_the_set_are_proven_again(whole: Whole) -> None:
    """A clip of the same video, or of another one that has what is named, is no negative; one that lacks it is."""
    pairs = from_table(Pair, pq.read_table(whole.path / PAIRS))
    pair = pairs[0]
    assert pair.chosen_claim is not None
    colour = pair.chosen_claim.subject_phrases[0].split()[1]
    clips = from_table(Clip, pq.read_table(whole.path / CLIPS))
    shows = {c.clip_id: {t.colour.name for t in c.scene.tracks if t.colour} for c in clips if c.clip_id != pair.clip_id}
    without = next(clip_id for clip_id, colours in shows.items() if colour not in colours)
    having = next((clip_id for clip_id, colours in shows.items() if colour in colours), pair.clip_id)
    for clip_id, holds in ((without, True), (having, False), (pair.clip_id, False)):
        changed = pair.model_copy(update={"visual_negatives": (_borrowing(clip_id),)})
        group = [
            p.model_copy(update={"visual_negatives": changed.visual_negatives}) if p.group_id == pair.group_id else p
            for p in pairs
        ]
        _rewrite(whole, PAIRS, to_table(Pair, group))
        assert (not _lines(whole)) is holds


def test_a_repeated_pair_is_named(whole: Whole) -> None:
    """Two rows of one id are named, and the account no longer agrees."""
    pairs = from_table(Pair, pq.read_table(whole.path / PAIRS))
    _rewrite(whole, PAIRS, to_table(Pair, [*pairs, pairs[0]]))
    lines = _lines(whole)
    assert f"pair {pairs[0].pair_id}: a second pair of that id" in lines


def test_a_scene_that_no_longer_proves_is_named(whole: Whole) -> None:
    """Where a stored scene is edited, every pair whose claim it no longer proves is named."""
    clips = from_table(Clip, pq.read_table(whole.path / CLIPS))
    scene = clips[0].scene
    still = [track.model_copy(update={"path": track.path[:1]}) for track in scene.tracks]
    changed = clips[0].model_copy(update={"scene": scene.model_copy(update={"tracks": tuple(still)})})
    _rewrite(whole, CLIPS, to_table(Clip, [changed, *clips[1:]]))
    pairs = from_table(Pair, pq.read_table(whole.path / PAIRS))
    of_clip = {pair.pair_id for pair in pairs if pair.clip_id == clips[0].clip_id and "moves" in pair.chosen}
    named = {line.split(":")[0].removeprefix("pair ") for line in _lines(whole) if line.startswith("pair ")}
    assert of_clip
    assert of_clip <= named


def test_a_clip_that_lost_its_pictures_is_named(whole: Whole) -> None:
    """A frame that is no JPEG is named with its clip."""
    clips = from_table(Clip, pq.read_table(whole.path / CLIPS))
    frames = tuple(frame.model_copy(update={"jpeg": b"text"}) for frame in clips[0].frames)
    _rewrite(whole, CLIPS, to_table(Clip, [clips[0].model_copy(update={"frames": frames}), *clips[1:]]))
    assert f"clip {clips[0].clip_id}: a frame is no whole JPEG" in _lines(whole)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"fades": (fade(20.0),)}, "a shot begins outside of it"),
        ({"end_seconds": 99.0}, "its scene covers another stretch of time"),
    ],
)
def test_a_scene_of_another_time_is_named(whole: Whole, change: dict[str, object], named: str) -> None:
    """A clip of ten seconds whose scene knows of later ones."""
    clips = from_table(Clip, pq.read_table(whole.path / CLIPS))
    scene = clips[0].scene.model_copy(update=change)
    _rewrite(whole, CLIPS, to_table(Clip, [clips[0].model_copy(update={"scene": scene}), *clips[1:]]))
    assert f"clip {clips[0].clip_id}: {named}" in _lines(whole)


def test_a_lost_drop_is_named(whole: Whole) -> None:
    """An account that tells of more drops than there are rows is named."""
    path = "drops/part-00000.parquet"
    drops = pq.read_table(whole.path / path)
    assert drops.num_rows
    _rewrite(whole, path, drops.slice(1))
    assert any(line.startswith("account: ") and "drops of type" in line for line in _lines(whole))


def test_other_columns_are_named(whole: Whole) -> None:
    """A table that lacks a column is named, and nothing else breaks."""
    _rewrite(whole, PAIRS, pq.read_table(whole.path / PAIRS).drop_columns(["weight"]))
    assert f"{PAIRS}: its columns are not those of a pairs table" in _lines(whole)


@pytest.mark.slow(10)
def test_memory_does_not_grow_with_the_set(tmp_path: Path) -> None:
    """Four times the clips are verified in at most a third more memory."""
    peaks = []
    for videos in (25, 100):
        sizes = ShardSizes(row_group_rows=20, row_groups=4)
        opened = FinishedSet.open(str(write_set(tmp_path / str(videos), videos, sizes=sizes).path))
        tracemalloc.start()
        assert list(failures(opened)) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] <= 4 / 3 * peaks[0]


def test_the_command_raises_where_anything_failed(whole: Whole) -> None:
    """The command is silent about a whole set but for one line, and raises for a damaged one after naming it."""
    console = Console(record=True, quiet=False, file=io.StringIO())
    run_verify(console, VerifyOptions(str(whole.path)))
    assert len(console.export_text().splitlines()) == 1
    (whole.path / PAIRS).unlink()
    with pytest.raises(DatasetError, match="failures"):
        run_verify(console, VerifyOptions(str(whole.path)))
    assert f"{PAIRS}: the file is missing" in console.export_text()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "there is no dataset.json"),
        ("{", "dataset.json is damaged"),
        ("{}", "dataset.json is damaged: schema_version"),
    ],
)
def test_what_is_no_set_is_refused_in_one_line(tmp_path: Path, content: str | None, named: str) -> None:
    """A folder without a readable dataset.json is refused with one line that says why."""
    if content is not None:
        (tmp_path / "dataset.json").write_text(content)
    with pytest.raises(DatasetError, match=named) as caught:
        FinishedSet.open(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_an_account_that_does_not_add_up_is_refused(whole: Whole) -> None:
    """That produced = kept + dropped is checked when the set is opened."""
    manifest = json.loads((whole.path / "dataset.json").read_text())
    manifest["account"]["lines"][0]["kept"] += 1
    (whole.path / "dataset.json").write_text(json.dumps(manifest))
    with pytest.raises(DatasetError, match="does not add up"):
        FinishedSet.open(str(whole.path))


def _lines(whole: Whole) -> list[str]:
    return list(failures(FinishedSet.open(str(whole.path))))


def _rewrite(whole: Whole, path: str, rows: pa.Table) -> None:
    """Replace a shard, with the size, hash and number of rows in dataset.json put right."""
    record = {"pairs": Pair, "clips": Clip}.get(path.split("/", maxsplit=1)[0])
    if record is not None and rows.num_columns == len(arrow_schema(record)):
        rows = rows.cast(arrow_schema(record))
    pq.write_table(rows, whole.path / path)
    opened = FinishedSet.open(str(whole.path))
    shards = []
    for shard in opened.manifest.shards:
        if shard.path == path:
            size = (whole.path / path).stat().st_size
            shard = shard.model_copy(update={"rows": rows.num_rows, "bytes": size, "sha256": opened.sha256(shard)})  # noqa: PLW2901 the entry put right
        shards.append(shard)
    manifest = opened.manifest.model_copy(update={"shards": tuple(shards)})
    (whole.path / "dataset.json").write_text(manifest.model_dump_json())
