"""What an audit points out, and what can be done about it: rules over what was measured, the most serious first."""

from collections.abc import Iterable, Iterator
from math import ceil

from pipeline.audit.coverage import CoveredBy
from pipeline.audit.finding import Finding
from pipeline.audit.habits import Bias
from pipeline.audit.opinions import PEOPLE, PROOF
from pipeline.audit.report import AuditReport
from pipeline.audit.scores import SHUFFLED, TWINS, ReaderScore, ceiling_of
from pipeline.audit.verdict import Outcome
from pipeline.audit.words import END, START, TellingWord
from pipeline.blind_readers.readers import Reader
from schemas.counted import counted

_LEAN = 0.05
"""A habit by which chosen and rejected answers differ is pointed out if it is this far from even, and certain."""
_EVEN = 0.5
_COMMON = 0.25
"""Share of the questions from which on one chosen answer is pointed out as too common."""
_REWRITTEN = 0.7
"""Mean share of the words that differ from which on the answers of a pair hardly compare."""
_TOLD = 0.25
"""Share of the pairs that a blind judge may tell."""
_AGREE, _ENOUGH_VERDICTS = 0.9, 20
"""The least agreement that is not pointed out, and of how many verdicts at least."""
_LISTED = 5
_SEES = {
    Reader.ANSWER: "an answer alone",
    Reader.QUESTION: "the question and an answer",
    Reader.GROUP: "all answers to a question",
    Reader.SEAMS: "the seams of planted edits",
}
_CURES = {
    Reader.ANSWER: "let every word, phrase and length be as often right as wrong: change the prompt or template of the "
    "writer that the words point to, or leave out the questions with them",
    Reader.QUESTION: "let no answer fit the words of its question better than the others, and let each answer be right "
    "here and wrong to the same question elsewhere (twins)",
    Reader.GROUP: "make wrong answers of wrong answers, too, so that the right one is not the one most like the "
    "others; or keep one wrong answer to each question",
    Reader.SEAMS: "plant harmless seams of equal strength beside the edits",
}


def findings(report: AuditReport, notes: Iterable[str] = ()) -> Iterator[Finding]:
    """Everything that a report points out; `notes` are aims of the recipe that the set misses."""
    yield from _benchmarks(report)
    yield from _guessing(report)
    yield from _words(report)
    yield from _biases(report)
    yield from _texts(report)
    yield from _videos(report)
    yield from _people(report)
    yield from _coverage(report, notes)


def _benchmarks(report: AuditReport) -> Iterator[Finding]:
    compared = report.contamination
    if compared is not None and compared.found:
        named = _some([f"{one.video} ({one.benchmark}, by {one.by.value})" for one in compared.found])
        videos, pairs = counted(len(compared.found), "video"), counted(compared.pairs, "pair")
        yield Finding(
            topic="benchmarks",
            says=f"{videos} with {pairs} are in a benchmark: {named}",
            do="leave them out of the manifest (vidpref import --exclude does) and build again, or report no results "
            "on that benchmark",
        )


def _guessing(report: AuditReport) -> Iterator[Finding]:
    for reader in Reader:
        failed = [s for s in report.scores if s.reader is reader and s.part != SHUFFLED and s.outcome is Outcome.FAIL]
        if failed:
            parts = _some([f"{s.accuracy:.3f} ({s.part.replace('_', ' ')})" for s in failed])
            yield Finding(
                topic="guessing",
                says=f"a reader that sees {_SEES[reader]} and no video is right in {parts} of the pairs; 0.5 is chance",
                do=_CURES[reader],
            )
    waiting = [s for s in report.scores if s.outcome is Outcome.NOT_ENOUGH and s.part not in (SHUFFLED, TWINS)]
    if not report.scores:
        yield Finding(
            topic="guessing",
            says="all pairs are about one video: how well the answers can be guessed cannot be measured",
            do="build from several videos",
        )
    elif report.outcome is Outcome.NOT_ENOUGH and waiting:
        yield Finding(
            topic="guessing",
            says=f"{counted(report.videos, 'video')} are too few for a verdict: the intervals are too wide",
            do=f"build from about {_videos_needed(report.videos, waiting)} videos like these; until then read the "
            "shares with their intervals",
        )


def _videos_needed(videos: int, waiting: Iterable[ReaderScore]) -> int:
    """The width of an interval shrinks with the root of the number of videos."""
    ratios = [(score.high - score.low) / 2 / ceiling_of(score.part).half_width for score in waiting]
    return max(ceil(videos * max(ratio, 1.0) ** 2 / 10) * 10 for ratio in ratios)


def _words(report: AuditReport) -> Iterator[Finding]:
    known: set[tuple[str, bool]] = set()
    for part in report.parts:
        fresh = [word for word in part.words if (word.words, word.lean > 0) not in known]
        known.update((word.words, word.lean > 0) for word in fresh)
        if fresh:
            among = "" if part is report.whole else f" in pairs of {part.part}"
            yield Finding(
                topic="words",
                says=f"words that tell{among}, with the pairs of which the chosen and the rejected answer alone has "
                f"them: {', '.join(map(_lean, fresh[:_LISTED]))}",
                do="have these said as often on the other side, or leave out the questions with them",
            )


def _lean(word: TellingWord) -> str:
    text = word.words
    if text.startswith(START):
        text = f"{text.removeprefix(START).strip()} (first word)"
    elif text.endswith(END):
        text = f"{text.removesuffix(END).strip()} (last word)"
    return f"{text} {word.chosen} : {word.rejected}"


def _biases(report: AuditReport) -> Iterator[Finding]:
    for part in report.parts:
        among = "" if part is report.whole else f", {part.part}"
        equal = "ask for answers of equal length, or train with loss.form=length_normalised or length_desensitised"
        yield from _bias(part.length, f"characters{among}", equal)
    assertive = "let wrong answers assert something else instead of denying, and right ones too"
    yield from _bias(report.negation, "words that deny or contrast (no, not, instead, ...)", assertive)
    unnamed = "do not name in the question what only the right answer, or only the wrong one, talks about"
    yield from _bias(report.echo, "words of their question", unnamed)
    grid = "make wrong answers of wrong answers, too: all corners of a grid, or all values of one property"
    yield from _bias(report.likeness, "words of the other answers", grid)


def _bias(bias: Bias, what: str, do: str) -> Iterator[Finding]:
    """A finding if the answers lean to one side, by more than a little, and with certainty."""
    is_certain = not bias.low <= _EVEN <= bias.high
    if is_certain and abs(bias.chosen_more - _EVEN) >= _LEAN:
        more, fewer = ("chosen", "rejected") if bias.chosen_more > _EVEN else ("rejected", "chosen")
        share = max(bias.chosen_more, 1 - bias.chosen_more)
        means = f"mean {bias.chosen_mean:.2f} in chosen, {bias.rejected_mean:.2f} in rejected ones"
        yield Finding(
            topic="balance",
            says=f"{more} answers have more {what} than {fewer} ones in {share:.2f} of the pairs, ties as one half "
            f"({means})",
            do=do,
        )


def _texts(report: AuditReport) -> Iterator[Finding]:
    found = report.repeats
    if found.near_pairs:
        yield Finding(
            topic="repeats",
            says=f"{counted(found.near_pairs, 'pair')} have two answers that say nearly the same",
            do="drop them: their labels mean nothing",
        )
    again = {"pair": found.repeated_pairs, "question": found.repeated_questions, "rejected answer": found.near_rejected}
    said = [counted(count, noun) for noun, count in again.items() if count]
    if found.near_questions:
        said.append(f"{counted(found.near_questions, 'question')} asked in nearly the same words")
    if said:
        yield Finding(
            topic="repeats",
            says=f"repeated about the same clip: {', '.join(said)}",
            do="drop all but one of each: the others add weight, and nothing to learn",
        )
    if found.commonest_answer_share > _COMMON:
        yield Finding(
            topic="repeats",
            says=f"{found.commonest_answer_share:.0%} of the questions have one right answer: "
            f"{found.commonest_answer!r}",
            do="add videos in which something else is true, or keep fewer questions of this kind",
        )
    if report.whole.difference.share > _REWRITTEN:
        yield Finding(
            topic="differences",
            says=f"{report.whole.difference.share:.0%} of an answer's words lie between the first and the last that "
            "differ: the two answers of a pair hardly compare",
            do="change one thing in the right answer to make a wrong one, so that training rewards that thing",
        )


def _videos(report: AuditReport) -> Iterator[Finding]:
    found = report.video_repeats
    if found is None or not found.alike:
        return
    named = _some([f"{one.first} and {one.second}" for one in found.examples])
    if found.across_splits:
        yield Finding(
            topic="videos",
            says=f"{counted(found.across_splits, 'time')} two videos of different splits look alike: {named}",
            do="give both the same split in the manifest, or leave one out: what is held out was trained on",
        )
    else:
        yield Finding(
            topic="videos",
            says=f"{counted(found.alike, 'time')} two videos look alike: {named}",
            do="look at them; if they are copies, leave one out",
        )


def _people(report: AuditReport) -> Iterator[Finding]:
    said = report.opinions
    if said is None:
        return
    if said.blind is not None and said.blind.share > _TOLD:
        yield Finding(
            topic="blind judge",
            says=f"a language model that saw the texts alone named the chosen answer in {said.blind.told} of "
            f"{counted(said.blind.pairs, 'pair')}",
            do="ask what common sense does not answer, or leave out pairs whose check `blind` failed",
        )
    for one in said.agreements:
        if one.pairs >= _ENOUGH_VERDICTS and one.share < _AGREE:
            do = (
                "raise margins (verify.margins), or annotate the videos"
                if one.first == PROOF
                else "raise judge.least_sure, or give the judge to a larger model"
            )
            yield Finding(
                topic="agreement",
                says=f"{one.first} and {one.second} agree on {one.same} of {one.pairs} "
                f"({one.share:.0%}, {one.low:.0%} to {one.high:.0%})",
                do=f"{do}; leave out what people object to (--reviews)",
            )
    if not any(PEOPLE in (one.first, one.second) for one in said.agreements):
        yield Finding(
            topic="people",
            says="nobody has judged a pair of this set",
            do="judge a sample: vidpref view SET --sample 60",
        )


def _coverage(report: AuditReport, notes: Iterable[str]) -> Iterator[Finding]:
    missing = [one.name for one in report.coverage if one.by is CoveredBy.TYPE and not one.pairs]
    if missing:
        yield Finding(
            topic="coverage",
            says=f"no question is about {', '.join(missing)}",
            do="add videos in which that is to be seen, annotations, or a detector",
        )
    for note in notes:
        yield Finding(topic="coverage", says=note, do="add videos with what is rare, or change the aim in the recipe")


def _some(names: list[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
