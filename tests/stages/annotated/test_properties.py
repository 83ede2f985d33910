"""Whatever people note, a scene is made of it that holds together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.annotations import (
    AnnotatedBox,
    AnnotatedCamera,
    AnnotatedCount,
    AnnotatedEvent,
    AnnotatedObject,
    AnnotatedSpan,
    AnnotatedText,
    Annotations,
)
from schemas.drop import Drop
from schemas.scene import Scene
from stages.claims.proof import ClipProver, ProofConfig
from stages.facts.writer import FactsWriter
from stages.verify import prove_group
from tests.stages.annotated.clips import laid
from tests.stages.facts.clips import clip_of

_NOUNS = ("dog", "Dogs", "person", "red ball", "Ünit", "glasses", "ob'ject")
_SECONDS = st.floats(0, 12, allow_nan=False).map(lambda value: round(value, 3))
_EDGES = st.floats(0, 1, allow_nan=False)


@st.composite
def _spans(draw: st.DrawFn) -> dict[str, float]:
    start = draw(_SECONDS)
    return {"start_seconds": start, "end_seconds": start + draw(st.floats(0.001, 6))}


@st.composite
def _boxes(draw: st.DrawFn) -> AnnotatedBox:
    (x0, x1), (y0, y1) = (sorted(draw(st.tuples(_EDGES, _EDGES).filter(lambda e: e[0] != e[1]))) for _ in range(2))
    return AnnotatedBox(pts_seconds=draw(_SECONDS), x0=x0, y0=y0, x1=x1, y1=y1)


@st.composite
def _annotations(draw: st.DrawFn) -> Annotations:
    some = {"max_size": 3}
    count = draw(st.integers(0, 3))
    objects = tuple(
        AnnotatedObject(
            id=f"o{number}",
            noun=draw(st.sampled_from(_NOUNS)),
            phrase=draw(st.sampled_from((None, f"The {number}th thing.", f"the thing {number} on the left"))),
            colour=draw(st.sampled_from((None, "red", "dark red", "gold"))),
            moves=draw(st.sampled_from((None, True, False))),
            visible=tuple(AnnotatedSpan(**span) for span in draw(st.lists(_spans(), **some))),
            boxes=tuple(draw(st.lists(_boxes(), max_size=5))),
            rough=draw(st.booleans()),
            certain=draw(st.booleans()),
        )
        for number in range(count)
    )
    ids = [one.id for one in objects]
    events = tuple(
        AnnotatedEvent(
            phrase=draw(
                st.sampled_from(("The dog barks", "it runs", "A man walks in. He sits", "x", "the dog barks again"))
            ),
            objects=tuple(draw(st.lists(st.sampled_from(ids), max_size=2))) if ids else (),
            certain=draw(st.booleans()),
            **span,
        )
        for span in draw(st.lists(_spans(), **some))
    )
    return Annotations(
        objects=objects,
        events=events,
        texts=tuple(
            AnnotatedText(text="A B", box=draw(st.none() | _boxes()), **s) for s in draw(st.lists(_spans(), **some))
        ),
        shots=tuple(AnnotatedSpan(**span) for span in draw(st.lists(_spans(), **some))),
        camera=tuple(AnnotatedCamera(motion="still", **span) for span in draw(st.lists(_spans(), **some))),
        counts=tuple(
            AnnotatedCount(noun=draw(st.sampled_from(_NOUNS)), count=draw(st.integers(0, 3)), **span)
            for span in draw(st.lists(_spans(), **some))
        ),
        absent=tuple(draw(st.lists(st.sampled_from(("cat", "cats", "unicorn")), max_size=2))),
        complete=tuple(draw(st.lists(st.sampled_from(_NOUNS), max_size=2))),
        events_complete=draw(st.booleans()),
    )


@given(_annotations())
@settings(max_examples=30, deadline=None)
def test_any_annotations_make_a_scene_whose_questions_are_proven(annotations: Annotations) -> None:
    """The scene keeps the rules of its record, and what is asked about it is proven from it."""
    there = laid(annotations)
    assert Scene.model_validate(there.model_dump()) == there
    clip = clip_of(there)
    writer = FactsWriter(alternatives=1, twin_share=0.0, negatives=(), stretches_per_question=1, max_per_predicate=2)
    written = writer.write(clip, 4, ProofConfig(), np.random.default_rng(0))
    prover = ClipProver(clip, ProofConfig())
    for group in (group for offered in written if not isinstance(offered, Drop) for group in offered):
        assert not isinstance(prove_group(group, prover), Drop)
