"""What an export leaves out, and why."""

from enum import StrEnum

from schemas.record import Record


class LeftOutReason(StrEnum):
    """Why a pair, or a visual negative, is not in an export."""

    OBJECTED_TO = "objected_to"
    """People object to it, or to its twin."""
    FILTERED = "filtered"
    """--filter or --where leaves it out."""
    NO_TIMES = "no_times"
    """It speaks of seconds, and the consumer knows no times."""
    OTHER_TIMES = "other_times"
    """It speaks of seconds, and the consumer believes other times."""
    TWIN_LEFT_OUT = "twin_left_out"
    """Its twin cannot be exported; alone, its texts would tell which answer is right."""
    EVIDENCE_MISSING = "evidence_missing"
    """None of the frames that are shown shows a moment that the answer rests on."""
    DAMAGED = "damaged"
    """Its frames cannot be read."""
    MARK = "mark"
    """A text holds what the consumer takes for the place of a video or for the end of a message."""
    NOT_PROVEN = "not_proven"
    """The format takes proven answers alone."""
    NOT_READ = "not_read"
    """The consumer does not read visual negatives."""
    NOT_FIRST_OF_LEVEL = "not_first_of_level"
    """Another visual negative of its level is in the export."""


REASONS: dict[LeftOutReason, str] = {
    LeftOutReason.OBJECTED_TO: "people object to it or to its twin",
    LeftOutReason.FILTERED: "left out by --filter or --where",
    LeftOutReason.NO_TIMES: "speaks of seconds, and the consumer knows no times",
    LeftOutReason.OTHER_TIMES: "speaks of seconds, and the consumer believes others",
    LeftOutReason.TWIN_LEFT_OUT: "its twin cannot be exported",
    LeftOutReason.EVIDENCE_MISSING: "the frames that are shown miss a moment that the answer rests on",
    LeftOutReason.DAMAGED: "its frames cannot be read",
    LeftOutReason.MARK: "a text holds a mark of the consumer's own",
    LeftOutReason.NOT_PROVEN: "its answers are not proven",
    LeftOutReason.NOT_READ: "the consumer does not read visual negatives",
    LeftOutReason.NOT_FIRST_OF_LEVEL: "another one of its level is in the export",
}
"""Each reason in words."""


class LeftOutError(ValueError):
    """A question cannot be said in a format."""

    def __init__(self, reason: LeftOutReason, detail: str = "") -> None:
        super().__init__(detail or REASONS[reason])
        self.reason, self.detail = reason, detail


class LeftOutPair(Record):
    """A line of `left_out.jsonl`."""

    pair_id: str
    reason: LeftOutReason
    detail: str = ""
    """The measured value, if there is one."""
