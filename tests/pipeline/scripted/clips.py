"""A known clip that is written by hand, and views of it without pixels.

In 8 seconds the red ball goes from the left (x 0.1) to the right (x 0.9) at half height and grows to four times its
area; the blue box stands at (0.5, 0.8) for the first 6 seconds, then goes out of view. "market" is written in the first
half, "harbour" in the second.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipeline.scripted.known_clip import KnownClip
from pipeline.scripted.recognise import RecognisedFrame
from pipeline.scripted.view import View
from schemas.annotations import (
    AnnotatedBox,
    AnnotatedCount,
    AnnotatedEvent,
    AnnotatedObject,
    AnnotatedQuestion,
    AnnotatedSpan,
    AnnotatedText,
    Annotations,
)
from schemas.claim import Axis, QuestionType

SECONDS = tuple(number / 2 for number in range(16))
"""A frame every half a second: 0 to 7.5."""


def _box(seconds: float, x: float, y: float, side: float) -> AnnotatedBox:
    return AnnotatedBox(pts_seconds=seconds, x0=x - side / 2, x1=x + side / 2, y0=y - side / 2, y1=y + side / 2)


BALL = AnnotatedObject(
    id="ball",
    noun="ball",
    phrase="the red ball",
    colour="red",
    moves=True,
    visible=(AnnotatedSpan(start_seconds=0, end_seconds=8),),
    boxes=tuple(_box(s, 0.1 + 0.1 * s, 0.5, 0.1 * (1 + s / 8)) for s in range(9)),
)
BOX = AnnotatedObject(
    id="box",
    noun="box",
    phrase="the blue box",
    colour="blue",
    moves=False,
    visible=(AnnotatedSpan(start_seconds=0, end_seconds=6),),
    boxes=(_box(0, 0.5, 0.8, 0.1), _box(5.9, 0.5, 0.8, 0.1)),
)
ANNOTATIONS = Annotations(
    duration_seconds=8,
    objects=(BALL, BOX),
    events=(
        AnnotatedEvent(phrase="the red ball sets off", objects=("ball",), start_seconds=0, end_seconds=1),
        AnnotatedEvent(phrase="the blue box goes out of view", objects=("box",), start_seconds=5.5, end_seconds=6.5),
    ),
    texts=(
        AnnotatedText(text="market", start_seconds=0, end_seconds=4),
        AnnotatedText(text="harbour", start_seconds=4, end_seconds=8),
    ),
    counts=(AnnotatedCount(noun="leaf", count=3, start_seconds=0, end_seconds=4),),
    questions=(
        AnnotatedQuestion(
            question="What does the ball roll on?",
            answer="A wooden floor",
            wrong=("A green lawn", "A glass table"),
            question_type=QuestionType.OBJECT,
            axis=Axis.SPATIAL,
            evidence_seconds=(2.0,),
        ),
    ),
    absent=("star",),
    complete=("ball", "box"),
    events_complete=True,
)
CLIP = KnownClip("clip.mp4", Path("clip.mp4"), ANNOTATIONS)


def shown(
    seconds: Sequence[float] = SECONDS, *, clip: KnownClip = CLIP, mirrored: bool = False, altered: object = None
) -> View:
    """The frames at these times, in this order; `altered`: rows and columns of 32 that are painted over."""
    cells = None
    if altered is not None:
        cells = np.zeros((32, 32), bool)
        cells[altered] = True  # type: ignore[index]
    return View(clip, tuple(RecognisedFrame(clip, second, mirrored, cells) for second in seconds))
