"""What annotations list, count and call absent becomes searches that say how sure they are."""

from schemas.annotations import AnnotatedCount, Annotations
from schemas.claim import Claim, Predicate
from schemas.search import Search
from stages.claims import TruthValue, check
from stages.claims.scene_view import SceneView
from tests import scenes
from tests.stages.annotated.clips import laid, thing

DOG = thing("dog", (0.0, 0.1), moves=False)


def _search(noun: str, annotations: Annotations) -> Search:
    return next(search for search in laid(annotations).searched if search.noun == noun)


def _scores(search: Search) -> set[tuple[float, ...]]:
    return {tuple(sorted(one.score for one in frame.candidates)) for frame in search.frames}


def _verdict(predicate: Predicate, noun: str, annotations: Annotations, value: str | None = None) -> TruthValue:
    claim = Claim(predicate=predicate, intervals=(scenes.span(1, 9),), value=value, noun=noun)
    return check(claim, SceneView(laid(annotations))).truth


def test_an_absent_noun_is_looked_for_in_vain_at_every_third_frame() -> None:
    """Of 100 analysis frames 34 are looked at."""
    search = _search("cat", Annotations(absent=("Cat",)))
    assert _scores(search) == {()}
    assert len(search.frames) == 34
    assert search.source == "annotations"


def test_an_absent_noun_that_a_text_names_is_in_doubt() -> None:
    """A caption that speaks of cats leaves open whether there is one."""
    there = laid(Annotations(absent=("cat",), captions=("A dog dreams of cats.",)))
    assert [search.noun for search in there.searched if search.source == "annotations"] == []


def test_where_a_noun_is_not_complete_there_may_be_another() -> None:
    """The listed dog is sure; a candidate that is somewhere may be a second one."""
    search = _search("dog", Annotations(objects=(DOG,)))
    assert _scores(search) == {(0.5, 1.0)}
    assert _scores(_search("dog", Annotations(objects=(DOG,), complete=("dog",)))) == {(1.0,)}


def test_a_certain_count_makes_its_stretch_complete() -> None:
    """From 0.2 s after its start to 0.2 s before its end, as times are off by that much; not if it is in doubt."""
    count = AnnotatedCount(noun="dog", count=1, start_seconds=2, end_seconds=5)
    search = _search("dog", Annotations(objects=(DOG,), counts=(count,)))
    sole = [frame.pts_seconds for frame in search.frames if len(frame.candidates) == 1]
    assert (round(min(sole), 3), round(max(sole), 3)) == (2.4, 4.5)
    doubtful = count.model_copy(update={"certain": False})
    assert _scores(_search("dog", Annotations(objects=(DOG,), counts=(doubtful,)))) == {(0.5, 1.0)}


def test_what_is_counted_but_not_listed_is_somewhere() -> None:
    """Two dogs with one box: the second candidate is sure, and no thing of the clip can be taken for it."""
    count = AnnotatedCount(noun="dog", count=2, start_seconds=0, end_seconds=10)
    search = _search("dog", Annotations(objects=(DOG,), counts=(count,)))
    assert _scores(search) == {(1.0, 1.0)}
    strays = [one for frame in search.frames for one in frame.candidates if one.track_id is None]
    assert max(one.area for one in strays) < 1e-5


def test_a_narrower_noun_and_the_noun_of_a_phrase_count() -> None:
    """A woman is a person; "the woman in the pink top" with the noun person is a woman."""
    woman = thing("woman", (0.0, 0.1), moves=False, noun="person", phrase="the woman in the pink top")
    counts = tuple(AnnotatedCount(noun=noun, count=1, start_seconds=0, end_seconds=10) for noun in ("person", "woman"))
    annotations = Annotations(objects=(woman,), counts=counts)
    assert _scores(_search("woman", annotations)) == {(1.0,)}
    assert _scores(_search("person", annotations)) == {(1.0,)}


def test_the_checker_reads_presence_absence_and_number_from_the_searches() -> None:
    """One dog: it is there, two are not; no cat; of a listed but incomplete noun no number is known."""
    whole = Annotations(objects=(DOG,), complete=("dog",), absent=("cat",))
    assert _verdict(Predicate.PRESENT, "dog", whole) is TruthValue.TRUE
    assert _verdict(Predicate.PRESENT, "cat", whole) is TruthValue.FALSE
    assert _verdict(Predicate.NAMED_COUNT, "dog", whole, "1") is TruthValue.TRUE
    assert _verdict(Predicate.NAMED_COUNT, "dog", whole, "2") is TruthValue.FALSE
    partial = Annotations(objects=(DOG,))
    assert _verdict(Predicate.PRESENT, "dog", partial) is TruthValue.TRUE
    assert _verdict(Predicate.NAMED_COUNT, "dog", partial, "1") is TruthValue.UNKNOWN


def test_a_complete_noun_without_an_object_is_absent() -> None:
    """All cats are listed, and there is none."""
    assert _scores(_search("cat", Annotations(complete=("cat",)))) == {()}


def test_of_several_things_listed_as_one_no_number_is_known() -> None:
    """A bunch of flowers is listed once: there is a flower, and there may be others, whatever is complete."""
    bunch = thing("bunch", (0.0, 0.1), moves=False, noun="Flowers", phrase="the bunch of flowers")
    assert _scores(_search("flower", Annotations(objects=(bunch,), complete=("flowers",)))) == {(0.5, 1.0)}
