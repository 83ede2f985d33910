"""What a reviewer says is kept at once, survives a restart, and can be taken back."""

from pathlib import Path
from threading import Event, Thread

import pytest

from pipeline.reviews.folder import ReviewFolder, checked_reviewer
from pipeline.reviews.review import Review
from pipeline.storage.location import Location
from schemas.errors import DatasetError, OutputError, UserError
from schemas.human_verdict import HumanVerdict, Judgement

WRONG, RIGHT = Judgement.WRONG, Judgement.RIGHT


@pytest.fixture
def folder(tmp_path: Path) -> ReviewFolder:
    """A folder that is not there yet."""
    return ReviewFolder(Location.parse(str(tmp_path / "reviews")))


def test_a_verdict_is_found_after_a_restart(folder: ReviewFolder) -> None:
    """What is not named by a change stays as it was."""
    review = Review(folder, "ann", lambda: "2026-11-30T04:00:00Z")
    review.say("a-0", "h", {"judgement": WRONG, "note": "the dog is a fox"})
    review.say("a-0", "h", {"is_worth": False})
    found = Review(folder, "ann").of("a-0", "h")
    assert found is not None
    assert (found.judgement, found.is_worth, found.note) == (WRONG, False, "the dog is a fox")
    assert found.judged_at == "2026-11-30T04:00:00Z"


def test_other_texts_are_not_judged(folder: ReviewFolder) -> None:
    """A pair of a set that was built anew with other texts has no verdict; the next one is not mixed with the old."""
    review = Review(folder, "ann")
    review.say("a-0", "old", {"judgement": WRONG, "note": "bad"})
    assert review.of("a-0", "new") is None
    assert review.say("a-0", "new", {"judgement": RIGHT}).note == ""


def test_undo_takes_back_one_change_after_the_other(folder: ReviewFolder) -> None:
    """Three changes are taken back in reverse order, in the file too; then there is nothing left to undo."""
    review = Review(folder, "ann")
    review.say("a-0", "h", {"judgement": RIGHT})
    review.say("a-0", "h", {"judgement": WRONG})
    review.say("b-0", "h", {"judgement": RIGHT})
    assert review.undo() == "b-0"
    assert review.undo() == "a-0"
    kept = Review(folder, "ann").of("a-0", "h")
    assert kept is not None
    assert kept.judgement is RIGHT
    assert review.undo() == "a-0"
    assert folder.read("ann") == {}
    assert review.undo() is None


def test_two_programs_of_one_reviewer_lose_nothing(folder: ReviewFolder) -> None:
    """What the other one has written in the meantime is kept."""
    one, two = Review(folder, "ann"), Review(folder, "ann")
    one.say("a-0", "h", {"judgement": RIGHT})
    two.say("b-0", "h", {"judgement": WRONG})
    one.say("c-0", "h", {"judgement": RIGHT})
    assert folder.read("ann").keys() == {"a-0", "b-0", "c-0"}


def test_a_change_starts_from_what_the_other_program_said(folder: ReviewFolder) -> None:
    """A note that the other one wrote of the same pair stays when this one judges it."""
    one, two = Review(folder, "ann"), Review(folder, "ann")
    two.say("a-0", "h", {"note": "look again"})
    assert one.say("a-0", "h", {"judgement": WRONG}).note == "look again"
    assert one.undo() == "a-0"
    assert folder.read("ann")["a-0"].judgement is None


def test_two_programs_that_write_at_once_lose_nothing(folder: ReviewFolder) -> None:
    """While one has read and not yet written, the other one waits: it reads when the first verdict is there."""
    other_reads = Event()

    class Watched(ReviewFolder):
        def read(self, reviewer: str) -> dict[str, HumanVerdict]:
            other_reads.set()
            return super().read(reviewer)

    other = Review(Watched(folder.location), "ann")
    other_reads.clear()
    thread = Thread(target=other.say, args=("b-0", "h", {"judgement": RIGHT}))

    def between(kept: dict[str, HumanVerdict]) -> None:
        thread.start()
        assert not other_reads.wait(0.3)
        kept.update(said)

    said = {"a-0": HumanVerdict(pair_id="a-0", texts_sha256="h", reviewer="ann", judgement=WRONG, judged_at="t")}
    folder.change("ann", between)
    thread.join()
    assert folder.read("ann").keys() == {"a-0", "b-0"}


def test_each_reviewer_has_a_file(folder: ReviewFolder) -> None:
    """Verdicts of all are read in order of name; other files in the folder are none of them."""
    for name in ("bob", "ann"):
        Review(folder, name).say("a-0", "h", {"judgement": RIGHT})
    (Path(folder.location.path) / "notes.txt").write_text("ours")
    assert [verdict.reviewer for verdict in folder.all_verdicts()] == ["ann", "bob"]


def test_where_nothing_can_be_written_it_says_where_it_may_go(folder: ReviewFolder) -> None:
    """A folder lies in the place of the file: one line names --reviews, and the verdict is not kept at all."""
    review = Review(folder, "ann")
    Path(folder.location.path, "ann.parquet").mkdir(parents=True)
    with pytest.raises((OutputError, DatasetError), match="reviews"):
        review.say("a-0", "h", {"judgement": RIGHT})
    assert review.of("a-0", "h") is None
    assert not review.can_undo


def test_a_folder_that_cannot_be_written_is_named_with_what_to_try(tmp_path: Path) -> None:
    """A file lies in the place of the folder."""
    (tmp_path / "reviews").write_bytes(b"")
    with pytest.raises(OutputError, match="start again with --reviews"):
        ReviewFolder(Location.parse(str(tmp_path / "reviews"))).change("ann", lambda kept: kept.clear())


def test_a_damaged_file_is_refused_in_one_line(folder: ReviewFolder, tmp_path: Path) -> None:
    """It is not written over."""
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "ann.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(DatasetError, match=r"ann\.parquet holds no human verdicts.*move it away"):
        Review(folder, "ann")


@pytest.mark.parametrize("name", ["", "../ann", "a/b", ".hidden", "ann\0", "ann smith", "a" * 65])
def test_a_reviewer_must_name_a_file(name: str) -> None:
    """Nothing that could lead out of the folder."""
    with pytest.raises(UserError, match="cannot name a file"):
        checked_reviewer(name)
    assert checked_reviewer("ann.b-c_1") == "ann.b-c_1"
