"""All formats, by the name that `--to` takes."""

from pathlib import Path

from pipeline.export.format import ExportFormat, FormatOptions
from pipeline.export.formats.datasets import Datasets
from pipeline.export.formats.llama_factory import LlamaFactory
from pipeline.export.formats.llava_hound import LlavaHound
from pipeline.export.formats.ms_swift import MsSwift
from pipeline.export.formats.questions import Questions
from pipeline.export.formats.trl import Trl
from pipeline.export.question import Medium
from schemas.errors import UserError

FORMATS: dict[str, type[ExportFormat]] = {
    one.name: one for one in (Trl, MsSwift, LlamaFactory, LlavaHound, Datasets, Questions)
}
"""In the order in which they are listed."""


def format_of(name: str, out: Path, medium: str | None, chosen: FormatOptions) -> ExportFormat:
    """The format of that name. UserError if there is none, or if it does not know the medium or an option."""
    if name not in FORMATS:
        raise UserError(f"--to {name!r}: there is no such format; allowed are {', '.join(FORMATS)}")
    kind = FORMATS[name]
    for option in ("times", "masked", "none_of_these", "trainer"):
        if getattr(chosen, option) and option not in kind.options:
            flag = option.replace("_", "-")
            whose = ", ".join(other.name for other in FORMATS.values() if option in other.options)
            raise UserError(f"--{flag} is not for {name}; formats that know it: {whose or 'none'}")
    if chosen.trainer is not None and chosen.trainer not in kind.trainers:
        raise UserError(f"--trainer {chosen.trainer!r}: allowed are {', '.join(kind.trainers)}")
    media = [one.value for one in kind.media_for(chosen)]
    if medium is not None and medium not in media:
        raise UserError(f"--media {medium!r}: {kind.consumer} reads {' or '.join(media)}")
    return kind(out, Medium(medium or media[0]), chosen)
