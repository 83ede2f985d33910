"""Sets for the viewer's tests, and texts that try to break out of a page."""

from pathlib import Path

from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.storage.location import Location
from pipeline.viewer.session import Sampling, ViewerSession
from schemas.pair import Pair
from schemas.shown import EditKind, Shown
from schemas.text_span import TextSpan
from tests.finished import Whole, store

HOSTILE = (
    "<script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    "</textarea></title><svg onload=window.broken=1>",
    "\u202e right to left \u2066 isolate",
    "null \0 byte and bell \a",
    "javascript:window.broken=1",
    "{{7*7}} ${7*7} ' \" ` &lt;b&gt;",
    "x" * 1_000_000,
)


def pairs_of(whole: Whole) -> list[Pair]:
    """All rows of pairs."""
    return [pair for video in whole.finalised.videos for pair in video.pairs()]


def session(path: Path, reviews: Path, reviewer: str = "ann", sampling: Sampling | None = None) -> ViewerSession:
    """An opened set whose verdicts go to a folder of their own."""
    return ViewerSession(FinishedSet.open(str(path)), ReviewFolder(Location.parse(str(reviews))), reviewer, sampling)


def twinned_set(path: Path, whole: Whole) -> Pair:
    """The set again, its first question also asked of the mirrored clip; a pair of that twin."""
    pairs = pairs_of(whole)
    clip = next(clip for clip in whole.clips if clip.clip_id == pairs[0].clip_id)
    twin = {"twin_of": pairs[0].group_id, "group_id": "mirrored", "shown": Shown.whole(EditKind.MIRRORED, clip)}
    twins = [
        pair.model_copy(update=twin | {"pair_id": f"{pair.pair_id}-mirrored"})
        for pair in pairs
        if pair.group_id == pairs[0].group_id
    ]
    rows = sorted([*pairs, *twins], key=lambda pair: pair.pair_id)
    store(path, rows, whole.clips, [], questions=len({pair.group_id for pair in rows}))
    return twins[0]


def hostile_set(path: Path, whole: Whole) -> list[Pair]:
    """A set of one pair for each hostile text, which is in its question, its answers, its ids and its file name."""
    clip = whole.clips[0]
    pairs = []
    for number, text in enumerate(HOSTILE):
        source = next(pair for pair in pairs_of(whole) if pair.clip_id == clip.clip_id)
        short = text[:60]
        chosen, rejected = f"{text} yes.", f"{text} no."
        pairs.append(
            Pair.model_validate(
                source.model_dump()
                | {
                    "pair_id": f"{number}/../../{short}",
                    "group_id": f"{number}/../../etc/passwd?{short}#",
                    "twin_of": None,
                    "question": f"{text}?",
                    "chosen": chosen,
                    "rejected": rejected,
                    "chosen_spans": (TextSpan(start=len(text) + 1, end=len(chosen)),),
                    "rejected_spans": (TextSpan(start=len(text) + 1, end=len(rejected)),),
                    "source": short,
                    "question_model": short or "m",
                }
            )
        )
    named = clip.model_copy(update={"uri": "../<script>window.broken=1</script>\u202e.mp4"})
    store(path, sorted(pairs, key=lambda pair: pair.pair_id), [named, *whole.clips[1:]], [], questions=len(pairs))
    return pairs
