"""Drops: items that left the pipeline, with the stage, the reason and the measured value."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.record import Record


class ItemType(StrEnum):
    """The kind of an item."""

    VIDEO = "video"
    CLIP = "clip"
    QUESTION = "question"
    ANSWER = "answer"
    GROUP = "group"
    PAIR = "pair"
    VISUAL_NEGATIVE = "visual_negative"


class DropReason(StrEnum):
    """Why an item was dropped. The first block is for whole videos."""

    # the file
    UNDECODABLE = "undecodable"
    UNREADABLE = "unreadable"
    EMPTY_FILE = "empty_file"
    NO_VIDEO_STREAM = "no_video_stream"
    NO_TIMES = "no_times"
    """The file stores no times, and its stream does not state how many frames a second it has."""
    TOO_SMALL = "too_small"
    """The picture has too few pixels across for anything to be found in it."""
    TOO_SHORT = "too_short"
    TOO_FEW_FRAMES = "too_few_frames"
    DUPLICATE = "duplicate"
    NO_PAIRS = "no_pairs"
    ANNOTATIONS_MISFIT = "annotations_misfit"
    """The manifest's annotations cannot be about this file: a time after its end, or a frame of another shape."""
    CHILD_CRASHED = "child_crashed"
    CHILD_CPU_LIMIT = "child_cpu_limit"
    CHILD_MEMORY_LIMIT = "child_memory_limit"
    CHILD_STALLED = "child_stalled"
    # a clip
    OVER_MAX_CLIPS = "over_max_clips"
    # a question, a group or an answer
    CHOSEN_NOT_TRUE = "chosen_not_true"
    REJECTED_NOT_FALSE = "rejected_not_false"
    MARGIN_TOO_SMALL = "margin_too_small"
    PARTLY_SEEN = "partly_seen"
    SINGLE_FRAME_ANSWERS = "single_frame_answers"
    EVIDENCE_MISSING = "evidence_missing"
    SEGMENT_TOO_SHORT = "segment_too_short"
    OVER_MAX_SEGMENTS = "over_max_segments"
    EDIT_NOT_VISIBLE = "edit_not_visible"
    """A planted edit would change too little, or less than the clip changes by itself (measured: log of the ratio)."""
    NO_ABSENT_ENTITY = "no_absent_entity"
    NOT_TRUE_ELSEWHERE = "not_true_elsewhere"
    """The false answers of an annotated question are true of no other video: their texts would give them away."""
    OVER_REPRESENTED = "over_represented"
    OVER_MAX_GROUPS = "over_max_groups"
    REPEATED_TEXT = "repeated_text"
    NO_QUESTION = "no_question"
    """A writer was asked for questions and had none, or the clip is too short for what it was asked."""
    FORM_DIFFERS = "form_differs"
    """An answer is not a plain sentence, or tells by its form or length which one it is."""
    WOULD_TELL = "would_tell"
    """With this wrong answer the right one would be told by how much it is like the others, or the other way round."""
    NOT_ENCODABLE = "not_encodable"
    """A group does not fit into the context of the model that is trained on it, or its texts cannot be encoded."""
    # what a judge says of an answer, a group or a visual negative
    JUDGED_WRONG = "judged_wrong"
    """The judge does not accept the preferred answer (measured: how sure it is of what it says, 1 to 5)."""
    JUDGED_TRUE = "judged_true"
    """The judge does not find that a wrong answer is wrong."""
    OFF_AXIS = "off_axis"
    """A wrong answer is wrong on another axis than it should be."""
    NOT_DISTINCT = "not_distinct"
    """Two answers mean the same."""
    JUDGES_DISAGREE = "judges_disagree"
    """The verdict on two answers is a tie, or changes with their order."""
    TOO_GUESSABLE = "too_guessable"
    """A reader of the texts alone guesses the answers too often."""
    # a reply of a language model
    REPLY_REFUSED = "reply_refused"
    REPLY_TRUNCATED = "reply_truncated"
    REPLY_UNPARSABLE = "reply_unparsable"
    """Empty, or not the JSON asked for, after one repair turn."""
    REQUEST_REJECTED = "request_rejected"
    """The server refuses the request for what it holds, such as a prompt that does not fit its context."""
    ENDPOINT_FAILED = "endpoint_failed"
    """No answer after all retries."""
    REPLY_MISSING = "reply_missing"
    """Not in the cache of an offline run; such a unit is never committed."""
    # a visual negative
    PREFERRED_NOT_TRUE = "preferred_not_true"
    NEGATIVE_NOT_FALSE = "negative_not_false"
    CONTROL_NOT_TRUE = "control_not_true"
    BOX_NOT_CONFIRMED = "box_not_confirmed"
    """The judge does not see the key object in the part of the keyframe that a language model says shows it."""


class Drop(Record):
    """One item that left the pipeline."""

    item_id: str
    """Id of the item; for a video its id, or its uri if it could not be read."""
    item_type: ItemType
    """The kind of the item."""
    video_id: str | None
    """The video that it belongs to, if that is known."""
    uri: str | None
    """The video's uri, relative to --videos; joined in when the set is finalised."""
    stage: str
    """The stage that dropped it."""
    reason: DropReason
    """Why it was dropped."""
    measured: float | None = None
    """The measured value; null if a limit or a crash ended the item."""
    limit: float | None = None
    """The limit that the measured value was compared with."""
    detail: str | None = None
    """A fixed phrase, or the item that it is about; never a time of day, a memory address or a path of the machine."""


@dataclass(frozen=True)
class DropCause:
    """Why an item leaves the pipeline; `drop` adds which item it is."""

    reason: DropReason
    detail: str | None = None
    """A fixed phrase, or the item that it is about."""
    measured: float | None = None
    """The measured value, such as a margin, a number of frames or seconds."""
    limit: float | None = None
    """The limit that it was compared with."""

    def drop(
        self, item_id: str, item_type: ItemType, stage: str, *, video_id: str | None = None, uri: str | None = None
    ) -> Drop:
        """The drop of that item by a stage."""
        return Drop(
            item_id=item_id,
            item_type=item_type,
            video_id=video_id,
            uri=uri,
            stage=stage,
            reason=self.reason,
            measured=self.measured,
            limit=self.limit,
            detail=self.detail,
        )

    def video_drop(self, content_sha256: str, stage: str) -> Drop:
        """The drop of a whole video by a stage, which knows its content hash but not its uri."""
        video_id = content_sha256[:16]
        return self.drop(video_id, ItemType.VIDEO, stage, video_id=video_id)
