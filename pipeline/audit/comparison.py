"""Two sets side by side: what they have in common, and each number of an audit beside the other's."""

from collections.abc import Callable, Iterable, Iterator

from pydantic import Field
from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.audit.material import Audited
from pipeline.audit.pairs import pair_texts
from pipeline.audit.report import AuditReport
from pipeline.audit.scores import WHOLE_PARTS
from pipeline.blind_readers.readers import TEXT_FEATURES, Reader
from pipeline.importers.exclusions import plain_id
from schemas.pair import normalise_text
from schemas.record import Record

_READERS = {
    Reader.ANSWER: "right without video: reader of an answer",
    Reader.QUESTION: "reader of question and answer",
    Reader.GROUP: "reader of all answers",
}


class SetComparison(Record):
    """What `vidpref audit A B` finds."""

    names: tuple[str, str]
    """As they were given."""
    reports: tuple[AuditReport, AuditReport]
    shared_videos: int = Field(ge=0)
    """Videos that both have, by file name or id."""
    shared_questions: int = Field(ge=0)
    """Different questions that both ask, whatever the video."""
    shared_pairs: int = Field(ge=0)
    """Different questions with both answers that both have, whatever the video."""


def compared(names: tuple[str, str], first: Audited, second: Audited) -> SetComparison:
    """Count what two sets have in common."""

    def shared(texts: Callable[[Audited], Iterable[object]]) -> int:
        return len(set(texts(first)) & set(texts(second)))

    return SetComparison(
        names=names,
        reports=(first.report, second.report),
        shared_videos=shared(lambda one: (plain_id(video.names[0]) for video in one.videos.values())),
        shared_questions=shared(lambda one: (normalise_text(group.question) for group in one.groups)),
        shared_pairs=shared(_pairs),
    )


def comparison_table(found: SetComparison) -> Table:
    """A row for each number, a column for each set."""
    common = f"{found.shared_videos} videos, {found.shared_questions} questions, {found.shared_pairs} pairs"
    table = Table(
        title=f"Two sets; in common: {common}",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1),
    )
    table.add_column("")
    for name in found.names:
        table.add_column(Text(name.rstrip("/").rpartition("/")[2] or name), overflow="fold")
    numbers = [dict(_numbers(report)) for report in found.reports]
    for title in sorted({**numbers[0], **numbers[1]}, key="verdict".__eq__):
        table.add_row(Text(title), *(Text(of_set.get(title, "")) for of_set in numbers))
    return table


def _pairs(one: Audited) -> Iterator[tuple[str, ...]]:
    pairs = pair_texts(one.groups)
    for texts in zip(pairs.questions, pairs.chosen, pairs.rejected, strict=True):
        yield tuple(map(normalise_text, texts))


def _numbers(report: AuditReport) -> Iterator[tuple[str, str]]:
    """Each number of a report, with what it says."""
    yield "pairs, questions, videos", f"{report.pairs}, {report.groups}, {report.videos}"
    for reader in TEXT_FEATURES:
        yield _READERS[reader], _right(report, reader)
    yield "chosen answer is longer", f"{report.whole.length.chosen_more:.0%}"
    yield "chosen denies more", f"{report.negation.chosen_more:.0%}"
    yield "chosen repeats more of the question", f"{report.echo.chosen_more:.0%}"
    yield "chosen is more like the others", f"{report.likeness.chosen_more:.0%}"
    yield "words between first and last difference", f"{report.whole.difference.share:.0%}"
    yield "words that tell", ", ".join(word.words for word in report.whole.words[:3]) or "none"
    yield "repeated pairs, questions", f"{report.repeats.repeated_pairs}, {report.repeats.repeated_questions}"
    yield "nearly equal answers", str(report.repeats.near_pairs)
    yield "commonest right answer", f"{report.repeats.commonest_answer_share:.0%}"
    if report.video_repeats is not None:
        yield "videos that look alike", str(report.video_repeats.alike)
    for one in report.coverage:
        yield f"{one.by.value}: {one.name.replace('_', ' ')}", f"{one.share:.0%}"
    yield "verdict", report.outcome.value


def _right(report: AuditReport, reader: Reader) -> str:
    of_reader = {score.part: score for score in report.scores if score.reader is reader}
    score = next((of_reader[part] for part in WHOLE_PARTS if part in of_reader), None)
    return "" if score is None else f"{score.accuracy:.3f} ({score.low:.3f}–{score.high:.3f})"
