"""Pairs as examples: their texts with what they rest on, and a few frames of what they show."""

import base64

from pipeline.presentation.pair_lines import pair_lines
from pipeline.presentation.words import shown_words
from pipeline.viewer.session import ViewerSession
from schemas.clip import Clip
from schemas.pair import Pair
from schemas.record import Record
from schemas.shown import AS_STORED

_LONGEST = 2_000
"""Characters of one text at most."""
_WHY = ("  claim", "  claims", "  made by", "evidence", "checks")
_PICTURES = 5
"""Frames of each example."""


class Example(Record):
    """One pair."""

    pair_id: str
    axis: str
    question_type: str
    file: str
    shown: str
    """What is shown of the clip, in words; empty if all of it is shown as it is stored."""
    question: str
    chosen: str
    rejected: str
    why: tuple[tuple[str, str], ...]
    """Claims, edit, evidence and checks in words: a name and a value each."""


def example(pair: Pair, clip: Clip) -> Example:
    """A pair of a clip in words."""
    lines = [(name.strip() or "claim", value[:_LONGEST]) for name, value in pair_lines(pair, clip) if name in _WHY]
    return Example(
        pair_id=pair.pair_id,
        axis=pair.axis.value,
        question_type=pair.question_type.value,
        file=clip.uri.rpartition("/")[2],
        shown="" if pair.shown == AS_STORED else shown_words(pair.shown, clip),
        question=pair.question[:_LONGEST],
        chosen=pair.chosen[:_LONGEST],
        rejected=pair.rejected[:_LONGEST],
        why=tuple(lines),
    )


def example_pictures(session: ViewerSession) -> dict[str, list[tuple[str, str]]]:
    """For each pair that the session has drawn a few frames: when, and the picture as a data address."""
    found = {}
    for pair in session.table.pairs(session.sampled):
        frames = session.shelf.few(pair, _PICTURES)
        found[pair.pair_id] = [
            (f"{one.seconds:.2f} s", f"data:image/jpeg;base64,{base64.b64encode(one.jpeg).decode()}") for one in frames
        ]
    return found
