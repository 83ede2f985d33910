"""Answers each role's prompts from what is known of the videos that they show."""

import json
import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from pipeline.scripted import answering, judging, policy
from pipeline.scripted.asking import count_in, parts_in, questions_about, questions_of_parts, type_of_part
from pipeline.scripted.asserting import stated_claim
from pipeline.scripted.boxes import box_of
from pipeline.scripted.faults import share_of
from pipeline.scripted.known_clip import KnownClip
from pipeline.scripted.received import ReceivedRequest
from pipeline.scripted.recognise import FrameIndex
from pipeline.scripted.replies import shortest
from pipeline.scripted.settings import ServerSettings
from pipeline.scripted.tasks import task_in
from pipeline.scripted.view import View, view_of

_LABEL = re.compile(
    r"^(Question|Answer(?: [A-Z]| \d+)?|(?:Better|Worse) answer|Error|Entities|Thing): (.*)$", re.MULTILINE
)
_SECONDS = re.compile(r"\d+(?:\.\d+)?")
Reply = dict[str, JsonValue]


class ScriptedAnswers:
    """Answers from the annotations of known videos, and errs as it is told."""

    def __init__(self, clips: Sequence[KnownClip], settings: ServerSettings) -> None:
        """Reads every video."""
        self._index = FrameIndex(clips)
        self._nouns = answering.nouns_of(clips)
        self._errors, self._habits, self._seed = settings.errors, settings.habits, settings.seed
        self._seeing: Mapping[str, Callable[[ReceivedRequest, View], Reply]] = {
            "writer": self._questions,
            "corrupter": self._corrupted,
            "twins": self._twins,
            "target": self._target,
            "relevant": self._relevant,
            "box": self._box,
            "judge_faithful": self._faithful,
            "judge_genuine": self._genuine,
            "judge_compare": self._compared,
            "judge_reason": self._reason,
            "context": lambda request, view: policy.notes(view, request.prompt, self._habits),
        }
        self._in_plain_text: Mapping[str, Callable[[ReceivedRequest, View, int], str]] = {
            "sample": self._sample,
            "judge_prefer": self._preferred,
        }
        self._blind: Mapping[str, Callable[[ReceivedRequest], Reply]] = {
            "rewrite": _rewritten,
            "irrelevant": self._irrelevant,
            "claims": _claims,
            "blind": lambda _request: judging.blind(),
        }
        self._names = (*self._seeing, *self._in_plain_text, *self._blind, "judge_crop")

    def answer(self, request: ReceivedRequest, number: int) -> str:
        """The reply to the prompt whose schema the request names; the shortest one where nothing is known.

        A name may go on after that of the prompt: "writer_spatial" is about a topic, "relevant_action" about a type.
        """
        task = request.schema_name or task_in(request.prompt) or ""
        name = next((name for name in self._names if task == name or task.startswith(f"{name}_")), "")
        if name in self._blind:
            return json.dumps(self._blind[name](request))
        if name == "judge_crop" and request.frames:  # a part of a frame is no frame of a known video
            return json.dumps(self._crop(request))
        view = view_of(self._index, request.frames, _times_before(request)) if name else None
        if view is None:
            return shortest(request.schema)
        if name in self._in_plain_text:
            return self._in_plain_text[name](request, view, number)
        return json.dumps(self._seeing[name](request, view))

    def _questions(self, request: ReceivedRequest, view: View) -> Reply:
        topic = (request.schema_name or task_in(request.prompt) or "").removeprefix("writer_")
        found = questions_about(topic, view, count_in(request.prompt), self._seed)
        return {
            "questions": [
                {
                    "question": asked.question,
                    "evidence": [{"from": start, "to": end} for start, end in asked.evidence],
                    "objects": list(asked.objects),
                }
                for asked in found
            ]
        }

    def _twins(self, request: ReceivedRequest, view: View) -> Reply:
        found = questions_of_parts(view, parts_in(request.prompt), count_in(request.prompt), self._seed)
        return {
            "questions": [
                {"question": said.question(), "type": type_of_part(said.form).value, "axis": said.form.axis.value}
                for said in found
            ]
        }

    def _target(self, request: ReceivedRequest, view: View) -> Reply:
        asked = answering.asked_of(_values(request)["Question"], view)
        return {"answer": answering.answer(asked, self._seed, errs=self._errs("target", asked))}

    def _corrupted(self, request: ReceivedRequest, view: View) -> Reply:
        values = _values(request)
        asked, error = answering.asked_of(values["Question"], view), values["Error"]
        errs = self._errs(f"corrupter {error}", asked)
        return {"answer": answering.corrupted(asked, values["Answer"], error, self._seed, errs=errs)}

    def _relevant(self, request: ReceivedRequest, view: View) -> Reply:
        values = _values(request)
        asked = answering.asked_of(values["Question"], view)
        errs = self._errs("relevant", asked)
        return {"answer": answering.relevant(asked, values["Answer"], self._seed, errs=errs)}

    def _irrelevant(self, request: ReceivedRequest) -> Reply:
        values = _values(request)
        entities = [entity.strip() for entity in values["Entities"].split(",") if entity.strip()]
        found = answering.irrelevant(values["Question"], values["Answer"], entities, self._nouns)
        return {"answers": [{"entity": entity, "answer": text} for entity, text in found]}

    def _faithful(self, request: ReceivedRequest, view: View) -> Reply:
        asked, [answer] = _judged(request, view, "Answer")
        return judging.faithful(asked, answer, lies=self._lies("faithful", asked, [answer]))

    def _genuine(self, request: ReceivedRequest, view: View) -> Reply:
        asked, [answer] = _judged(request, view, "Answer")
        return judging.genuine(asked, answer, lies=self._lies("genuine", asked, [answer]))

    def _compared(self, request: ReceivedRequest, view: View) -> Reply:
        asked, [first, second] = _judged(request, view, "Answer A", "Answer B")
        return judging.compared(asked, first, second, lies=self._lies("compare", asked, [first, second]))

    def _box(self, request: ReceivedRequest, view: View) -> Reply:
        values = _values(request)
        said = f"{values['Question']} {values['Answer']}"
        errs = share_of(self._seed, "writer", "box", request.item) < self._errors.writer
        return box_of(view, said, errs=errs)

    def _crop(self, request: ReceivedRequest) -> Reply:
        seconds, thing = _times_before(request)[0], _values(request)["Thing"]
        lies = share_of(self._seed, "judge", "crop", thing, request.item) < self._errors.judge
        return judging.cropped(self._index.shows_part(request.frames[0], seconds or 0.0, thing), lies=lies)

    def _sample(self, request: ReceivedRequest, view: View, number: int) -> str:
        asked = answering.asked_of(_values(request)["Question"], view)
        return policy.sample(asked, request.prompt, f"{request.seed} {number}", self._habits, self._seed)

    def _preferred(self, request: ReceivedRequest, view: View, _number: int) -> str:
        asked, [first, second] = _judged(request, view, "Answer A", "Answer B")
        return policy.preferred(asked, first, second, self._habits, self._seed)

    def _reason(self, request: ReceivedRequest, view: View) -> Reply:
        asked, [worse] = _judged(request, view, "Worse answer")
        return policy.reason(asked, worse)

    def _errs(self, role: str, asked: answering.Asked) -> bool:
        return share_of(self._seed, "writer", role, judging.item_of(asked, [])) < self._errors.writer

    def _lies(self, check: str, asked: answering.Asked, answers: Sequence[str]) -> bool:
        return judging.lies_about(self._seed, self._errors.judge, check, asked, answers)


def _judged(request: ReceivedRequest, view: View, *labels: str) -> tuple[answering.Asked, list[str]]:
    values = _values(request)
    return answering.asked_of(values["Question"], view), [values[label] for label in labels]


def _rewritten(request: ReceivedRequest) -> Reply:
    values = _values(request)
    return {"question": values["Question"], "answer": values["Answer"]}


def _claims(request: ReceivedRequest) -> Reply:
    values = _values(request)
    answers = [value for label, value in values.items() if re.fullmatch(r"Answer \d+", label)]
    return {"claims": [stated_claim(n, values["Question"], answer) for n, answer in enumerate(answers, start=1)]}


def _values(request: ReceivedRequest) -> dict[str, str]:
    """The labelled lines of the prompt; of an example and the question itself the later one counts or, of claims, the
    earlier, since there the example comes last.
    """
    found: dict[str, str] = {}
    is_claims = "claims" in (request.schema_name, task_in(request.prompt))
    for label, value in _LABEL.findall(request.prompt):
        if is_claims:
            found.setdefault(label, value)
        else:
            found[label] = value
    return found


def _times_before(request: ReceivedRequest) -> list[float | None]:
    """The seconds that are said of each frame; None for all if there is not one for each."""
    if len(request.video_seconds) == len(request.frames):
        return list(request.video_seconds)
    numbers = [_SECONDS.search(text) for text in request.texts[:-1]]
    if len(numbers) != len(request.frames):
        return [None] * len(request.frames)
    return [float(number[0]) if number else None for number in numbers]
