"""When something is so, as a question about a start and an end in seconds."""

import json
from pathlib import Path

from schemas.clip import Clip
from schemas.pair import Verdict
from tests.finished import store
from tests.pipeline.export.exporting import asked, said
from tests.planted_sets import planted_set


def test_an_edit_is_asked_from_when_to_when_if_times_are_known(tmp_path: Path) -> None:
    """The set asks one question about each clip, a quarter of which is mirrored: without times TRL is not asked when,
    which is counted; with them the truth is the edit's own stretch, from the clip's start on.
    """
    opened, written = planted_set(tmp_path / "written", 3)
    proof = (Verdict(check="proof", passed=True),)
    pairs = [pair.model_copy(update={"verdicts": proof}) for pair in written]
    stored = list(opened.records(Clip, "clips"))
    store(tmp_path / "ds", pairs, stored, [], questions=len(pairs))
    account, rows = asked(tmp_path / "ds", tmp_path / "plain")
    assert {json.loads(row["solution"])["kind"] for row in rows} == {"choice"}
    visuals = {(pair.clip_id, pair.shown) for pair in pairs}
    assert [(one.kind, one.reason, one.count) for one in account.unmade] == [("interval", "no_times", len(visuals))]
    _, timed = asked(tmp_path / "ds", tmp_path / "timed", times=True)
    edits = {pair.group_id: pair.shown.planted[0].stretch for pair in pairs}
    clips = {pair.group_id: pair.clip_id for pair in pairs}
    starts = {clip.clip_id: clip.start_seconds for clip in stored}
    when = [row for row in timed if json.loads(row["solution"])["kind"] == "interval"]
    assert len(when) == len(visuals)
    for row in when:
        group_id = row["id"].removesuffix("-interval")
        start = starts[clips[group_id]]
        meant = [edits[group_id].start_seconds - start, edits[group_id].end_seconds - start]
        assert json.loads(row["solution"])["answer"] == [round(seconds, 2) for seconds in meant]
        assert "mirrored" in said(row)
