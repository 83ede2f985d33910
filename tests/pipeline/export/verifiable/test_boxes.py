"""Where a thing is, as a question about its box on one frame."""

import json
from pathlib import Path

from schemas.clip import Frame
from stages.visuals.visual import decoded_jpeg
from tests.finished import ENTERS, LEAVES, SAMPLED, SECONDS, Whole
from tests.pipeline.export.exporting import asked, said


def test_each_question_is_a_choice_and_asks_where_its_thing_is(whole: Whole, tmp_path: Path) -> None:
    """Both questions of a clip are about one thing that crosses the picture, whose box is known on the frames on which
    it is seen; the box that is the truth holds the thing's colour.
    """
    account, rows = asked(whole.path, tmp_path / "out")
    groups = {pair.group_id for video in whole.finalised.videos for pair in video.pairs()}
    assert account.kinds["choice"] == len(groups)
    assert account.exported == account.pairs
    boxes = [row for row in rows if json.loads(row["solution"])["kind"] == "box"]
    assert account.kinds["box"] == len(boxes) > 0
    for row in boxes:
        number = int(said(row).split(" in frame ")[1].split(" of ")[0])
        moment = SECONDS * (number - 0.5) / SAMPLED
        assert ENTERS <= moment < LEAVES
        [jpeg] = tmp_path.rglob(Path(row["images_file_names"][number - 1]).name)
        picture_HWC = decoded_jpeg(Frame(pts_seconds=0.0, jpeg=jpeg.read_bytes()), "it").astype(int)
        x0, y0, x1, y1 = (edge / 1000 for edge in json.loads(row["solution"])["answer"])
        height, width = picture_HWC.shape[:2]
        middle_C = picture_HWC[round((y0 + y1) / 2 * height), round((x0 + x1) / 2 * width)]
        assert abs(middle_C - 90).max() > 40  # the ground is grey, of value 90
