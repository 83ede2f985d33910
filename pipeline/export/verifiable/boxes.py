"""Where a thing is that an answer names, as a question about its box on one frame."""

from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.rewards.truth import box_truth
from pipeline.export.verifiable.question import AnswerKind, VerifiableQuestion
from schemas.claim import Claim
from schemas.shown import EditKind
from stages.visuals.seen import evenly
from stages.visuals.source import edited_rect, stored_rect

_HOW = "Answer with its box: left, top, right and bottom in thousandths of the frame, such as 120, 40, 560, 900."
_OF_WHOLE = (EditKind.MIRRORED, EditKind.REVERSED)


def box(question: ExportQuestion, medium: Medium) -> VerifiableQuestion | None:
    """The box of the thing that the chosen answer is about, on the middle frame on which the answer can be seen.

    None if it names none, if nothing is known of where it is, or if no frame that is shown shows it.
    """
    shown, claim = question.first.shown, _about_a_thing(question)
    known = all(edit.kind in _OF_WHOLE and shown.is_whole(edit.kind, question.clip) for edit in shown.edits)
    if claim is None or not known or shown.segment_id is not None:
        return None
    stored = len(question.clip.frames)
    places = evenly(stored, question.visual.count)
    backwards = shown.is_whole(EditKind.REVERSED, question.clip)
    seen = []
    for number, place in enumerate(places):
        frame = stored - 1 - place if backwards else place
        rect = stored_rect(question.clip.scene, claim.subject_tracks[0], frame)
        if frame in question.first.evidence.frame_indices and rect is not None:
            seen.append((number, edited_rect(rect, question.clip, shown) or rect))
    if not seen:
        return None
    number, rect = seen[len(seen) // 2]
    by_number = medium is Medium.FRAMES
    seconds = question.visual.seconds[number]
    when = f"in frame {number + 1} of {question.visual.count}" if by_number else f"at {seconds:.1f} seconds"
    text = f"Where is {claim.subject_phrases[0]} {when}?\n{_HOW}"
    return VerifiableQuestion(AnswerKind.BOX, text, box_truth(*rect), speaks_of_seconds=not by_number)


def _about_a_thing(question: ExportQuestion) -> Claim | None:
    """The first claim of the chosen answer that names a thing by its track, within an interval."""
    claims = question.first.chosen_claims
    return next((claim for claim in claims if claim.subject_tracks and claim.intervals and claim.in_video), None)
