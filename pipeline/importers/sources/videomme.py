"""Video-MME: questions with four choices about videos from YouTube."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.choices import lettered


class _QuestionRow(SourceRow):
    videoID: str
    question: str
    options: tuple[str, ...]
    answer: str
    """The letter of the right option."""


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        choices = lettered("\n".join(asked.options))
        if asked.answer not in choices:
            raise file.problem(
                row.line, f"answer is {asked.answer!r:.40}; expected is the letter of one of the options"
            )
        wrong = tuple(choice for letter, choice in choices.items() if letter != asked.answer)
        found = FoundQuestion(asked.question, choices[asked.answer], wrong)
        yield Item(row.line, NamedVideo(asked.videoID, asked.videoID), found)


VIDEOMME = Source("videomme", "Video-MME", "test-00000-of-00001.parquet", _read, is_benchmark=True)
