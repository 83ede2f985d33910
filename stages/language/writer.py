"""What language models write about one clip: questions, preferred answers, wrong ones, and segment twins."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from numpy.random import Generator
from pydantic import Field, model_validator

from prompts.prompt import FOLDER
from prompts.topics import topics
from schemas.annotations import AnnotatedQuestion, Annotations
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.pair import FramesCorruption, RejectedKind
from schemas.record import Record
from schemas.visual_negative import VisualKind
from stages.claims.proof import ClipProver
from stages.language.absent import absent_things, presence_of, says_it_is_there
from stages.language.answer import preferred
from stages.language.ask import STAGE, questions
from stages.language.asking import Asker, ReadReply, timed
from stages.language.boxes import with_drawn_box
from stages.language.claims import resolved, stated_claims, typed_claims
from stages.language.compose import composed
from stages.language.draft import DraftAnswer, DraftQuestion
from stages.language.form import answer_failure, form_failure
from stages.language.from_annotations import rewritten, usable
from stages.language.negatives import with_negatives
from stages.language.proven import ProvenGroups
from stages.language.reject import Adversary, Attempt, adversaries, irrelevant, relevant
from stages.language.replies import ClaimsReply
from stages.language.segment_twins import segment_twins
from stages.language.typed import Asserted
from stages.models.chat import ExpectedCalls, ExpectedClip, ModelRole
from stages.seeding import rng_for

Offered = tuple[CandidateGroup, ...] | Drop
"""A question: its group, with its twin if it has one; or its drop, or that of one of its answers."""


_NONE_LEFT = DropCause(DropReason.FORM_DIFFERS, "no wrong answer is left")
_THREE = (
    Adversary(frames=FramesCorruption.SPARSE),
    Adversary(errors=(1,)),
    Adversary(frames=FramesCorruption.SPARSE, errors=(0, 1)),
)
"""One error, another one, and both; two of them see little of the evidence."""


class LanguageWriter(Record):
    """What is asked of the models about each clip."""

    topics: Mapping[str, float] = Field(
        default_factory=lambda: dict.fromkeys(("spatial", "temporal", "cross_frame"), 1.0)
    )
    """What is asked about, by name in prompts/models/topics.yaml, and how often: shares of any size."""
    topics_per_clip: int | None = Field(default=None, ge=1)
    """Topics that one clip is asked about, drawn by their shares; null for all of them."""
    questions_per_topic: int = Field(default=2, ge=1)
    """Questions on each of these topics."""
    twin_questions: int = Field(default=4, ge=0)
    """Questions about two stretches of a clip that answer them differently; each makes two groups."""
    adversaries: tuple[Adversary, ...] = _THREE
    """How each wrong answer on the axis of the question is made."""
    relevant: bool = False
    """Whether each question gets a wrong answer made of what the video shows elsewhere."""
    irrelevant: int = Field(default=0, ge=0)
    """Wrong answers offered that name a thing which the video does not show; finalise keeps at most one."""
    entities: tuple[str, ...] = ()
    """What these may name, one word each, and the more often the likelier; the nouns of all annotations of the manifest
    are added. With fewer than ten kinds everyday things (prompts/models/entities.yaml) are named, too."""
    evidence_coverage: float = Field(default=0.25, ge=0, lt=1)
    """Most of the evidence that sparse frames may show, 0..1."""
    annotated: bool = False
    """Whether annotated questions are rewritten; a clip that has any is asked nothing else but twins."""
    negatives: tuple[VisualKind, ...] = ()
    """Kinds of visual negatives that a judge is shown where no claim decides; the best first. With any, answers whose
    claim is proven get those of all kinds that are proven to break it."""
    max_tokens: int = Field(default=512, ge=16)
    """Most tokens of a reply."""

    @model_validator(mode="after")
    def _asks_what_there_is(self) -> Self:
        if unknown := sorted(set(self.topics) - set(topics())):
            raise ValueError(f"topics.{unknown[0]}: no such topic; there are {', '.join(topics())}")
        if not (self.adversaries or self.relevant or self.irrelevant):
            raise ValueError("one of adversaries, relevant and irrelevant is needed: a pair has a wrong answer")
        return self

    def prompts(self) -> tuple[str, ...]:
        """The prompts, and the code that fills them."""
        return (FOLDER, "prompt.py", "topics.py", "predicates.py")

    def prompt_names(self) -> tuple[tuple[ModelRole, str], ...]:
        """Who gets which prompts, in the order of a build."""
        twins = [(ModelRole.WRITER, "twins")] if self.twin_questions else []
        people = [(ModelRole.WRITER, "rewrite")] if self.annotated else []
        used = {"corrupter": bool(self.adversaries), "relevant": self.relevant, "irrelevant": bool(self.irrelevant)}
        wrong = ((ModelRole.CORRUPTER, name) for name, is_used in used.items() if is_used)
        first = [(ModelRole.WRITER, "writer"), *twins, *people, (ModelRole.TARGET, "target")]
        boxes = [(ModelRole.WRITER, "box"), (ModelRole.JUDGE, "judge_crop")] if self._draws_boxes else []
        return (*first, *wrong, (ModelRole.WRITER, "claims"), *boxes)

    def roles(self) -> tuple[ModelRole, ...]:
        """The roles that are asked."""
        return ModelRole.WRITER, ModelRole.TARGET, ModelRole.CORRUPTER

    def expected_calls(self, clip: ExpectedClip) -> tuple[ExpectedCalls, ...]:
        """What is asked about a clip that has no annotated questions, if every reply can be used."""
        topics, questions, twins, frames = self._topic_count, self._question_count, self.twin_questions, clip.frames

        def calls(role: ModelRole, number: float, shown: int, text: int, reply: int) -> ExpectedCalls:
            return ExpectedCalls(role, number, shown, text, reply, self.max_tokens)

        return (
            calls(ModelRole.WRITER, topics, frames, 300, 90 * self.questions_per_topic),
            calls(ModelRole.TARGET, questions, frames, 100, 30),
            calls(ModelRole.CORRUPTER, questions * (len(self.adversaries) + self.relevant), frames, 250, 30),
            calls(ModelRole.CORRUPTER, questions * bool(self.irrelevant), 0, 300, 60),
            calls(ModelRole.WRITER, questions + 2 * twins, 0, 700, 120),
            calls(ModelRole.WRITER, questions * self._draws_boxes, 1, 200, 40),
            calls(ModelRole.WRITER, bool(twins), frames, 350, 60 * twins),
            calls(ModelRole.TARGET, 2 * twins, frames // 2, 100, 30),
        )

    def expected_clip(self, clip: ExpectedClip) -> ExpectedClip:
        """The clip with the groups that are made of it, if every reply can be used."""
        each = len(self.adversaries) + self.relevant + self.irrelevant
        groups, twins = self._question_count, 2 * self.twin_questions
        return replace(
            clip,
            groups=clip.groups + groups + twins,
            wrong_answers=clip.wrong_answers + groups * each + twins,
        )

    @property
    def _draws_boxes(self) -> bool:
        """Whether the writer draws boxes around key objects that the scene has no track of."""
        return any(kind.paints_over for kind in self.negatives)

    @property
    def _topic_count(self) -> int:
        """Topics that one clip is asked about."""
        return min(self.topics_per_clip or len(self.topics), len(self.topics))

    @property
    def _question_count(self) -> int:
        """Most questions about one clip, without twins."""
        return self._topic_count * self.questions_per_topic

    async def write(
        self, asker: Asker, prover: ClipProver, annotations: Annotations | None, rng: Generator
    ) -> list[Offered]:
        """Everything about one clip, in an order that does not depend on which reply comes first."""
        clip = prover.clip
        asked = usable(clip, annotations) if self.annotated else ()
        about, seed, stretches = self._topics(rng), int(rng.integers(2**31)), rng.spawn(1)[0]
        found = await asyncio.gather(
            self._from_people(asker, prover, asked, seed) if asked else self._from_models(asker, prover, about, seed),
            segment_twins(asker, prover, self.twin_questions, stretches) if self.twin_questions else _nothing(),
        )
        return [*found[0], *found[1]]

    def _topics(self, rng: Generator) -> list[str]:
        """The topics that a clip is asked about, in the recipe's order."""
        names = list(self.topics)
        if self.topics_per_clip is None or self.topics_per_clip >= len(names):
            return names
        shares = [self.topics[name] / sum(self.topics.values()) for name in names]
        drawn = rng.choice(len(names), size=self.topics_per_clip, replace=False, p=shares)
        return [names[place] for place in sorted(int(place) for place in drawn)]

    async def _from_models(self, asker: Asker, prover: ClipProver, about: Sequence[str], seed: int) -> list[Offered]:
        gap = prover.config.min_gap_seconds
        asked = await asyncio.gather(
            *(questions(asker, prover.clip, name, self.questions_per_topic, gap) for name in about)
        )
        made = await asyncio.gather(
            *(
                _kept(one) if isinstance(one, Drop) else self._answered(asker, prover, one, seed)
                for topic in asked
                for one in topic
            )
        )
        return [one for group in made for one in group]

    async def _answered(self, asker: Asker, prover: ClipProver, question: DraftQuestion, seed: int) -> list[Offered]:
        clip = prover.clip
        answer = await preferred(asker, question.text, timed(clip.frames, clip.start_seconds))
        if isinstance(answer, DropCause):
            return [answer.drop(question.slot_id, ItemType.QUESTION, STAGE)]
        return await self._rejected(asker, prover, question, answer, seed)

    async def _from_people(
        self, asker: Asker, prover: ClipProver, asked: Sequence[tuple[int, AnnotatedQuestion]], seed: int
    ) -> list[Offered]:
        found = await rewritten(asker, prover.clip, asked)
        made = await asyncio.gather(
            *(_kept(one) if isinstance(one, Drop) else self._rejected(asker, prover, *one, seed) for one in found)
        )
        return [one for group in made for one in group]

    async def _rejected(
        self, asker: Asker, prover: ClipProver, question: DraftQuestion, answer: DraftAnswer, seed: int
    ) -> list[Offered]:
        """The group of a question, after the drops of its wrong answers that cannot be used."""
        # by the question, so that a reply that fails changes no other question
        clip, rng = prover.clip, rng_for(seed, STAGE, question.slot_id)
        names = absent_things(question, answer.text, clip, self.entities, 2 * self.irrelevant, rng)
        found = await asyncio.gather(
            adversaries(asker, clip, question, answer.text, self.adversaries, self.evidence_coverage, rng),
            self._relevant(asker, clip, question, answer.text),
            irrelevant(asker, question, answer.text, names),
        )
        attempts = [attempt for kind in found for attempt in kind]
        wrong, failures = _of_one_form(question, answer, attempts, self.irrelevant)
        said = (
            await stated_claims(asker, question.text, [one.text for one in (answer, *wrong)]) if wrong else _NONE_LEFT
        )
        proven = said if isinstance(said, DropCause) else _proven(said, prover, question, (answer, *wrong))
        drafts, refuted = ([], []) if isinstance(proven, DropCause) else proven
        drops: list[Offered] = [
            cause.drop(f"{question.slot_id}-{place}", ItemType.ANSWER, STAGE)
            for place, cause in enumerate((*failures, *refuted))
        ]
        if isinstance(said, DropCause) or len(drafts) < 2:
            causes = [proven] if isinstance(proven, DropCause) and wrong else [*failures, *refuted]
            return [*drops, causes[0].drop(question.slot_id, ItemType.QUESTION, STAGE)]
        group = composed(clip, question, drafts, rng, hashes=(said.prompt_hash,))
        if group.chosen.claim is None:
            group = with_negatives(group, prover, question.objects, self.negatives, rng)
            return [*drops, (await with_drawn_box(asker, group, prover, self.negatives),)]
        complete = ProvenGroups(prover, negatives=bool(self.negatives), rng=rng)
        return [*drops, tuple(complete.completed(group, rng))]

    def looking_for(self, annotations: Iterable[Annotations]) -> Self:
        """The same, with the nouns of the annotations among the things that irrelevant answers may name."""
        if not self.irrelevant:
            return self
        nouns = (thing.noun.casefold() for given in annotations for thing in given.objects if thing.certain)
        words = sorted(noun for noun in nouns if noun.isalpha())
        return self.model_copy(update={"entities": (*self.entities, *words)})

    async def _relevant(self, asker: Asker, clip: UnitClip, question: DraftQuestion, answer: str) -> list[Attempt]:
        return [await relevant(asker, clip, question, answer)] if self.relevant else []


async def _nothing() -> list[Offered]:
    return []


async def _kept(drop: Drop) -> list[Offered]:
    return [drop]


def _of_one_form(
    question: DraftQuestion, answer: DraftAnswer, attempts: Sequence[Attempt], irrelevant_count: int
) -> tuple[list[DraftAnswer], list[DropCause]]:
    """The wrong answers that have the form of the right one, and why the others have not; no more irrelevant ones than
    are wanted.
    """
    wrong: list[DraftAnswer] = []
    failures: list[DropCause] = []
    for attempt in attempts:
        if isinstance(attempt, DropCause):
            failures.append(attempt)
        elif failure := (
            form_failure(attempt.text, answer.text, [one.text for one in wrong])
            or answer_failure(question.text, attempt.text, answer.text)
        ):
            failures.append(failure)
        elif attempt.rejected_kind is not RejectedKind.IRRELEVANT or irrelevant_count > 0:
            irrelevant_count -= attempt.rejected_kind is RejectedKind.IRRELEVANT
            wrong.append(attempt)
    return wrong, failures


def _proven(
    said: ReadReply[ClaimsReply], prover: ClipProver, question: DraftQuestion, answers: Sequence[DraftAnswer]
) -> tuple[list[DraftAnswer], list[DropCause]] | DropCause:
    """The answers with the claims that the scene proves, and why some are refuted; a cause if the preferred one is."""
    clip, view = prover.clip, prover.view()
    claims = typed_claims(said, question.text, [answer.text for answer in answers], view, view.whole_clip)
    frames = clip.frame_indices_in(question.evidence)
    kept: list[DraftAnswer] = []
    failures: list[DropCause] = []
    for place, (answer, claim) in enumerate(zip(answers, claims, strict=True)):
        found = resolved(claim, prover, frames, chosen=place == 0)
        if found.failure is None and found.claim is None and answer.absent and says_it_is_there(answer.text):
            there = Asserted(presence_of(answer.absent, view.whole_clip), is_all=True)  # irrelevant only if it is not
            found = resolved(there, prover, frames, chosen=False)
        if found.failure is None:
            kept.append(replace(answer, claim=found.claim))
        elif place == 0:
            return found.failure
        else:
            failures.append(found.failure)
    return kept, failures
