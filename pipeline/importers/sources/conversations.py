"""Rows of chats about a video: turns of a person and a model, or a prompt with a chosen and a rejected answer.

LLaVA-Hound, LLaVA-Video-178K and TPO release such rows.
"""

from collections.abc import Iterator

from pydantic import Field

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.media import stem
from pipeline.importers.rows import Row, SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.choices import lettered, without_choices

_PLACEHOLDERS = ("<video>", "<image>")
_ASKING, _ANSWERING = ("human", "user"), ("gpt", "assistant")
_INSTRUCTIONS = ("Please provide your answer", "Please respond with", "Answer with the option", "Answer the question")


class _Turn(SourceRow):
    speaker: str = Field("", validation_alias="from")
    value: str


class _ChatRow(SourceRow):
    video: str
    conversations: tuple[_Turn, ...] = ()
    prompt: str | None = None
    question: str | None = None
    chosen: str | _Turn | None = None
    rejected: str | _Turn | None = None


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        chat = file.parsed(_ChatRow, row)
        video = NamedVideo(stem(chat.video), chat.video)
        for found in _found(file, row, chat):
            yield Item(row.line, video, found)


def _found(file: SourceFile, row: Row, chat: _ChatRow) -> Iterator[FoundQuestion]:
    turns = chat.conversations
    asked = chat.prompt or chat.question or next((turn.value for turn in turns if turn.speaker in _ASKING), None)
    if chat.chosen is not None and asked is not None:
        wrong = () if chat.rejected is None else (_text(chat.rejected),)
        yield FoundQuestion(without_marks(asked), _text(chat.chosen), wrong)
        return
    pairs = list(zip(turns[::2], turns[1::2], strict=False))
    if not pairs or any(one.speaker not in _ASKING or other.speaker not in _ANSWERING for one, other in pairs):
        raise file.problem(
            row.line, "expected are conversations of human and gpt in turn, or a prompt with chosen and rejected"
        )
    for question, answer in pairs:
        yield _turn(without_marks(question.value), answer.value)


def _turn(question: str, answer: str) -> FoundQuestion:
    """One question and its answer; the choices that it lists are taken out of it."""
    choices = lettered(question)
    letter = answer.strip().rstrip(".")[:1] if len(answer.strip()) <= 2 else next(iter(lettered(answer)), "")
    if len(choices) < 2 or letter not in choices:
        return FoundQuestion(question, answer)
    wrong = tuple(choice for other, choice in choices.items() if other != letter)
    return FoundQuestion(without_choices(question), choices[letter], wrong)


def without_marks(text: str) -> str:
    """The question without the mark that stands for the video, and without lines about the form of the answer."""
    for placeholder in _PLACEHOLDERS:
        text = text.replace(placeholder, "")
    return "\n".join(line for line in text.strip().split("\n") if not line.startswith(_INSTRUCTIONS)).strip()


def _text(answer: str | _Turn) -> str:
    return answer if isinstance(answer, str) else answer.value


LLAVA_HOUND = Source(
    "llava-hound", "LLaVA-Hound", "chatgpt_qa_900k.jsonl, sft_dpo_17k.jsonl and their like", _read, is_by_model=True
)
LLAVA_VIDEO = Source(
    "llava-video", "LLaVA-Video-178K", "0_30_s_academic_oe_v0_1_qa_processed.json and its like", _read, is_by_model=True
)
TPO = Source("tpo", "TPO", "LongVA-TPO-10k as JSON, JSON Lines or Parquet", _read, is_by_model=True)
