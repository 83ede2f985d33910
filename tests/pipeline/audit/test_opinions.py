"""Who says what of the pairs, and who agrees with whom."""

from pathlib import Path

from pipeline.audit.opinions import BlindJudged, opinions
from pipeline.dataset.finished_set import FinishedSet
from schemas.human_verdict import HumanVerdict, Judgement, texts_hash
from schemas.pair import Pair, Verdict
from tests.finished import Whole, store


def said(pair: Pair, judgement: Judgement, reviewer: str = "ann", texts: str | None = None) -> HumanVerdict:
    """What someone says of a pair."""
    known = texts or texts_hash(pair.question, pair.chosen, pair.rejected)
    return HumanVerdict(pair_id=pair.pair_id, texts_sha256=known, reviewer=reviewer, judgement=judgement, judged_at="t")


def test_people_are_compared_with_the_proof(whole: Whole) -> None:
    """Two right, one doubtful and one wrong of four proven pairs: two of four agree; a verdict on other texts does not
    count.
    """
    pairs = sorted((pair for video in whole.finalised.videos for pair in video.pairs()), key=lambda pair: pair.pair_id)
    judgements = (Judgement.RIGHT, Judgement.RIGHT, Judgement.DOUBTFUL, Judgement.WRONG)
    verdicts = [said(pair, judgement) for pair, judgement in zip(pairs, judgements, strict=False)]
    verdicts.append(said(pairs[4], Judgement.WRONG, texts="other"))
    found = opinions(FinishedSet.open(str(whole.path)), verdicts)
    [both] = found.agreements
    assert (both.first, both.second, both.pairs, both.same, both.share) == ("proof", "people", 4, 2, 0.5)
    assert both.low < 0.5 < both.high
    assert found.blind is None


def test_judge_blind_judge_and_people_are_told_apart(whole: Whole, tmp_path: Path) -> None:
    """One pair is judged alone, one is proven and judged; of the first the blind judge names the chosen answer."""
    first, second = list(next(iter(whole.finalised.videos)).pairs())[:2]
    seen, told, open_ = (
        Verdict(check="faithful", passed=True, model="m"),
        Verdict(check="blind", passed=False, model="m"),
        Verdict(check="blind", passed=True, model="m"),
    )
    rows = [
        first.model_copy(update={"verdicts": (seen, told)}),
        second.model_copy(update={"verdicts": (*second.verdicts, seen, open_)}),
    ]
    store(tmp_path / "ds", rows, whole.clips, [], questions=len({row.group_id for row in rows}))
    people = [said(first, Judgement.WRONG), said(first, Judgement.RIGHT, "bob")]
    found = opinions(FinishedSet.open(str(tmp_path / "ds")), people)
    assert {(one.first, one.second): (one.same, one.pairs) for one in found.agreements} == {
        ("judge", "people"): (1, 2),
        ("proof", "judge"): (1, 1),
    }
    assert found.blind == BlindJudged(pairs=2, told=1, share=0.5)
