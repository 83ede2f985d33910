"""Each source reads a small sample of its format, row by row."""

import json
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.importers.item import (
    Found,
    FoundBox,
    FoundCaption,
    FoundEvent,
    FoundQuestion,
    FrameNumber,
    Item,
    NamedVideo,
)
from pipeline.importers.registry import SOURCES
from pipeline.importers.rows import SourceFile
from pipeline.importers.source import Source
from pipeline.importers.sources.activitynet import ACTIVITYNET
from pipeline.importers.sources.clevrer import CLEVRER
from pipeline.importers.sources.coco import COCO
from pipeline.importers.sources.conversations import LLAVA_HOUND, LLAVA_VIDEO, TPO
from pipeline.importers.sources.finevideo import FINEVIDEO
from pipeline.importers.sources.mot import MOT
from pipeline.importers.sources.msrvtt import MSRVTT
from pipeline.importers.sources.msvd import MSVD
from pipeline.importers.sources.nextqa import NEXTQA
from pipeline.importers.sources.roadtextvqa import ROADTEXTVQA
from pipeline.importers.sources.rrpo import RRPO
from pipeline.importers.sources.star import STAR
from pipeline.importers.sources.tempcompass import TEMPCOMPASS
from pipeline.importers.sources.tomato import TOMATO
from pipeline.importers.sources.trl import TRL
from pipeline.importers.sources.vatex import VATEX
from pipeline.importers.sources.videomme import VIDEOMME
from pipeline.importers.sources.vistadpo import VISTADPO
from pipeline.importers.sources.vitevqa import VITEVQA
from pipeline.importers.sources.youcook2 import YOUCOOK2
from schemas.claim import QuestionType
from schemas.errors import SourceError
from schemas.video import Split

SAMPLES = Path(__file__).parent.parent / "samples"
LAPTOP = ("The person opened the door.", "The person opened a suitcase.")
CORNERS = (231.0, 56.5, 335.0, 147.5)
OBJECT = QuestionType.OBJECT
NUMBER, COLOR = QuestionType.NUMBER, QuestionType.COLOR
ACTION, OCR = QuestionType.ACTION, QuestionType.OCR
SEQUENCE = QuestionType.SEQUENCE
SHOE = NamedVideo("v_aaaaaaaaaaa", "v_aaaaaaaaaaa")
SHOE_40 = NamedVideo("v_aaaaaaaaaaa", "v_aaaaaaaaaaa", duration_seconds=40.0)
TRAIN = NamedVideo("1021488277", "1021488277")
ONION = NamedVideo("bcdefghijkl", "bcdefghijkl", Split.VALIDATION, 120.0)
FINE = NamedVideo("sample_1", "sample_1.mp4")
PARK = NamedVideo("park", "park", fps=10.0, licence="CC BY 4.0")
WALK = NamedVideo("walk", "walk", fps=25.0)
CUBE = "the red metal cube and the blue rubber sphere collide"


def named(name: str, **more: object) -> NamedVideo:
    """A video whose file has its id as its name."""
    return NamedVideo(name, name, **more)  # type: ignore[arg-type]


EXPECTED: list[tuple[Source, str, list[tuple[int, NamedVideo, Found]]]] = [
    (
        VISTADPO,
        "object_set.jsonl",
        [
            (
                1,
                named("star/AAAAA"),
                FoundQuestion("Which object did the person open?", "The person opened the laptop.", LAPTOP, OBJECT),
            ),
            (1, named("star/AAAAA"), FoundBox("key object 0", None, None, CORNERS)),
            (2, named("star/BBBBB"), FoundQuestion("What was thrown?", "", ("A cup.", "A kite."), OBJECT)),
            (2, named("star/BBBBB"), FoundBox("key object 1", None, None, (12.0, 8.0, 12.0, 8.0))),
            (
                3,
                named("star/AAAAA"),
                FoundQuestion(
                    "Which object did the person open?",
                    "The person opened the laptop.",
                    ("The person opened the box.", "The person opened a piano."),
                    OBJECT,
                ),
            ),
            (3, named("star/AAAAA"), FoundBox("key object 2", None, None, CORNERS)),
        ],
    ),
    (
        ACTIVITYNET,
        "activitynet/train.json",
        [
            (2, SHOE_40, FoundEvent(" A man ties his shoes.", 0.0, 12.5)),
            (2, SHOE_40, FoundEvent(" He runs along a beach.", 30.0, 25.0)),
        ],
    ),
    (
        ACTIVITYNET,
        "activitynet/val_q.json",
        [
            (2, SHOE, FoundQuestion("what colour are the shoes", "red", (), COLOR)),
            (3, SHOE, FoundQuestion("does the man run", "yes")),
        ],
    ),
    (
        NEXTQA,
        "nextqa_val.csv",
        [
            (
                2,
                named("4010069381"),
                FoundQuestion("how many dogs are there", "two", ("one", "three", "four", "five"), NUMBER),
            ),
            (
                3,
                named("4010069381"),
                FoundQuestion("why did the boy, in blue, stop", "tired", ("sad", "to drink", "to wave", "to sit")),
            ),
        ],
    ),
    (
        STAR,
        "star_train.json",
        [
            (
                2,
                named("CCCCC"),
                FoundQuestion(
                    "Which object was opened by the person?", "The door.", ("The box.",), ACTION, of_part=True
                ),
            ),
            (2, named("CCCCC"), FoundBox("o000", "person", FrameNumber(30), (10.0, 20.0, 110.0, 220.0))),
            (2, named("CCCCC"), FoundBox("o026", "door", FrameNumber(30), (200.0, 20.0, 300.0, 240.0))),
        ],
    ),
    (
        MSRVTT,
        "msrvtt/videodatainfo.json",
        [
            (3, named("video7", split=Split.VALIDATION), FoundCaption("a cat sleeps on a shelf")),
            (4, named("video7", split=Split.VALIDATION), FoundCaption("a grey cat is asleep")),
        ],
    ),
    (MSRVTT, "msrvtt/test_qa.json", [(1, named("video7"), FoundQuestion("what sleeps on a shelf?", "cat"))]),
    (
        MSVD,
        "msvd/AllVideoDescriptions.txt",
        [
            (3, named("mv00000000a_3_12"), FoundCaption("a boy plays a drum")),
            (4, named("mv00000000a_3_12"), FoundCaption("a child is drumming")),
        ],
    ),
    (
        MSVD,
        "msvd/train_qa.json",
        [(1, named("mv00000000a_3_12"), FoundQuestion("what does the boy play?", "drum"))],
    ),
    (
        VATEX,
        "vatex_training.json",
        [
            (2, named("abcdefghijk_000010_000020"), FoundCaption("A girl skips rope.")),
            (2, named("abcdefghijk_000010_000020"), FoundCaption("Someone jumps over a rope.")),
        ],
    ),
    (
        TEMPCOMPASS,
        "tempcompass/multi-choice.json",
        [
            (
                2,
                TRAIN,
                FoundQuestion("Which way does the train go?", "to the right", ("to the left", "upwards"), ACTION),
            )
        ],
    ),
    (
        TEMPCOMPASS,
        "tempcompass/caption_matching.json",
        [
            (
                2,
                TRAIN,
                FoundQuestion(
                    "Which description is a more suitable match for the video?",
                    "The train stops, then starts.",
                    ("The train starts, then stops.",),
                    SEQUENCE,
                ),
            )
        ],
    ),
    (
        TEMPCOMPASS,
        "tempcompass/yes_no.json",
        [
            (
                1,
                TRAIN,
                FoundQuestion("Is the train getting faster?", "yes", (), QuestionType.DYNAMIC_ATTRIBUTE),
            )
        ],
    ),
    (
        TOMATO,
        "tomato_count.json",
        [
            (
                2,
                NamedVideo("0003-01", "human/0003-01"),
                FoundQuestion("How often does the person clap?", "3", ("2", "4"), QuestionType.NUMBER),
            )
        ],
    ),
    (
        VIDEOMME,
        "videomme.jsonl",
        [
            (
                1,
                named("lmnopqrstuv"),
                FoundQuestion("How many planets are shown?", "Eight.", ("Two.", "Four.", "None.")),
            )
        ],
    ),
    (
        CLEVRER,
        "clevrer/train.json",
        [
            (2, named("video_00000", split=Split.TRAIN), FoundQuestion("What color is the cube?", "red", (), COLOR)),
            (
                2,
                named("video_00000", split=Split.TRAIN),
                FoundQuestion(
                    "What happens after the cube stops?",
                    "The sphere and the cube collide",
                    ("The sphere and the cylinder collide",),
                ),
            ),
        ],
    ),
    (
        CLEVRER,
        "clevrer/annotation_00000.json",
        [
            (
                1,
                named("video_00000", split=Split.TRAIN, absent=("cylinder",)),
                FoundEvent(CUBE, FrameNumber(30), FrameNumber(31)),
            )
        ],
    ),
    (
        YOUCOOK2,
        "youcook2.json",
        [(1, ONION, FoundEvent("slice the onion", 10.0, 22.0)), (1, ONION, FoundEvent("fry the onion", 30.0, 41.0))],
    ),
    (
        LLAVA_HOUND,
        "conversations/sft_dpo.jsonl",
        [
            (
                1,
                named("v_a-Scene-001"),
                FoundQuestion("What does the woman hold?", "She holds a lamp.", ("She holds a tray.",)),
            ),
            (
                2,
                NamedVideo("clips/v_b", "clips/v_b.mp4"),
                FoundQuestion("Who waves?", "A boy waves.", ("A nurse waves.",)),
            ),
        ],
    ),
    (
        LLAVA_VIDEO,
        "conversations/mc_qa.json",
        [
            (2, NamedVideo("ytb/x", "ytb/x.mp4"), FoundQuestion("What is cut?", "paper", ("bread",))),
            (2, NamedVideo("ytb/x", "ytb/x.mp4"), FoundQuestion("What happens then?", "The paper is folded.")),
        ],
    ),
    (
        TPO,
        "conversations/tpo.json",
        [
            (
                1,
                NamedVideo("videos/long_1", "videos/long_1.mp4"),
                FoundQuestion("What is on the second slide?", "A map.", ("A chart.",)),
            )
        ],
    ),
    (
        RRPO,
        "rrpo.json",
        [
            (
                2,
                NamedVideo("k/crate", "k/crate.mp4"),
                FoundQuestion("What does the man lift?", "He lifts a crate.", ("He lifts a bike.",)),
            )
        ],
    ),
    (
        FINEVIDEO,
        "finevideo.json",
        [
            (1, FINE, FoundCaption("A gardener plants roses.")),
            (1, FINE, FoundEvent("A gardener digs a hole", 4.0, 21.25)),
            (1, FINE, FoundEvent("Birds sing", None, None)),
            (1, FINE, FoundQuestion("What is planted?", "Roses.")),
        ],
    ),
    (
        ROADTEXTVQA,
        "roadtextvqa.json",
        [
            (1, NamedVideo("3", "3.mp4"), FoundQuestion("What does the blue sign say?", "exit 12", (), OCR)),
            (2, NamedVideo("3", "3.mp4"), FoundQuestion("What is the speed limit?", None, (), OCR)),
        ],
    ),
    (
        TRL,
        "trl.jsonl",
        [
            (
                1,
                NamedVideo("k/crate", "k/crate.mp4"),
                FoundQuestion("What does the man lift?", "He lifts a crate.", ("He lifts a bike.",)),
            ),
            (2, named("frames/bus"), FoundQuestion("What is red?", "The bus.", ("The car.",))),
            (3, NamedVideo("day", "day.mp4"), FoundQuestion("Is it day?", "It is day.", ("It is night.",))),
            (4, named("frames/wave"), FoundQuestion("Who waves?", "A boy.", ("A girl.",))),
        ],
    ),
    (VITEVQA, "vitevqa.json", [(2, named("00012"), FoundQuestion("What is the name of the shop?", "lumen", (), OCR))]),
    (
        COCO,
        "coco.json",
        [
            (5, PARK, FoundBox("Dog 2", "Dog", FrameNumber(4), (20.0, 10.0, 60.0, 40.0), (200, 100))),
            (6, named("beach"), FoundBox("Dog alone-1", "Dog", FrameNumber(9), (0.0, 0.0, 10.0, 10.0), (200, 100))),
        ],
    ),
    (
        MOT,
        "mot/walk/gt/gt.txt",
        [
            (1, WALK, FoundBox("4", "person", FrameNumber(0), (10.0, 20.0, 40.0, 60.0), (128, 96))),
            (2, WALK, FoundBox("4", None, FrameNumber(1), (11.0, 20.0, 41.0, 60.0), (128, 96))),
            (3, WALK, FoundBox("9", "car", FrameNumber(1), (49.0, 20.0, 79.0, 60.0), (128, 96))),
        ],
    ),
]


def test_every_source_has_a_sample() -> None:
    """Nothing is listed that was never read."""
    assert {source.name for source, _, _ in EXPECTED} == SOURCES.keys()


@pytest.mark.parametrize(("source", "file", "expected"), EXPECTED, ids=[file for _, file, _ in EXPECTED])
def test_a_sample_is_read_row_by_row(source: Source, file: str, expected: list[tuple[int, NamedVideo, Found]]) -> None:
    """Every item comes with its line, its video and its content, in the order of the file."""
    items = list(source.read(SourceFile(str(SAMPLES / file))))
    assert items == [Item(*parts) for parts in expected]


@pytest.mark.parametrize("name", SOURCES)
def test_a_row_of_another_format_is_refused_in_words(name: str, tmp_path: Path) -> None:
    """An object of which no source knows a field: one line says what is expected, or nothing is found in it."""
    (tmp_path / "rows.jsonl").write_text('{"strange": 1}\n')
    found: list[Item] = []
    with suppress(SourceError):
        found += SOURCES[name].read(SourceFile(str(tmp_path / "rows.jsonl")))
    assert found == []


def test_a_table_of_whole_videos_is_read_like_their_json(tmp_path: Path) -> None:
    """FineVideo is published as Parquet: the bytes of each video, and its JSON."""
    content = json.loads((SAMPLES / "finevideo.json").read_text())
    pq.write_table(pa.table({"mp4": [b"bytes"], "json": [content]}), tmp_path / "a.parquet")
    as_table = list(FINEVIDEO.read(SourceFile(str(tmp_path / "a.parquet"))))
    assert as_table == list(FINEVIDEO.read(SourceFile(str(SAMPLES / "finevideo.json"))))


def test_labels_name_the_classes_of_own_boxes(tmp_path: Path) -> None:
    """Without seqinfo.ini the name of the file is that of the video, and neither size nor rate is known."""
    (tmp_path / "labels.txt").write_text("kite\ngrey dog\n")
    (tmp_path / "park.txt").write_text("1,1,1,1,2,2,1,2,1\n")
    [item] = MOT.read(SourceFile(str(tmp_path / "park.txt")))
    assert item.video == named("park")
    assert item.found == FoundBox("1", "grey dog", FrameNumber(0), (0.0, 0.0, 2.0, 2.0))
