"""False answers about writing: words that other videos show, proven not to be written here."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.finalise.alternatives import OfferedGroup
from pipeline.finalise.kept import Refusal
from schemas.claim import Claim, Predicate
from schemas.drop import DropCause, DropReason
from schemas.group import CandidateAnswer, CandidateGroup, GroupOutline
from schemas.pair import Verdict, normalise_text
from schemas.unit import LentClip
from stages.claims.checked import TruthValue
from stages.claims.checker import check_worded
from stages.claims.proof import ProofConfig
from stages.claims.scene_view import SceneView
from stages.claims.spelling import in_the_case_of
from stages.claims.typed_edit import typed_edit
from stages.seeding import rng_for

_LEAST_COMMON = 3  # videos, or a word is no watermark
_TRIED = 40  # words of other videos that are tried for one group
_COMMON = "the word is in too many videos"
_NO_WORD = "no word of another video is certainly not written here"

Lender = Callable[[str], Sequence[LentClip]]
"""Reads the clips of a video, by its content hash."""
GroupReader = Callable[[str, Collection[str]], Iterable[CandidateGroup]]
"""Reads some groups of a video whole, by the content hash of the video and the ids of the groups."""


@dataclass
class WordsOnOffer:
    """The groups whose true answer says which word is written, set aside while the offers are read."""

    groups: dict[str, list[GroupOutline]] = field(default_factory=dict)
    """By the content hash of the video."""

    def take(self, content_sha256: str, groups: Sequence[GroupOutline]) -> list[GroupOutline]:
        """Set aside the groups about words; returns the others."""
        about = [group for group in groups if _word(group) is not None]
        if about:
            self.groups[content_sha256] = about
        return [group for group in groups if _word(group) is None]

    def videos_by_word(self, *, answered: bool) -> dict[str, set[str]]:
        """The videos that show each word; if `answered`, only those in which a true answer says it, not the question
        alone.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for content, groups in self.groups.items():
            for group in groups:
                word = _word(group) or ""
                if not answered or word in normalise_text(group.chosen.text).split():
                    found[word].add(content)
        return found


@dataclass(frozen=True)
class WordGroups:
    """The groups about words after their open places were filled."""

    groups: Mapping[str, Sequence[OfferedGroup]]
    """By the content hash of the video; those that got words are whole."""
    refusals: tuple[Refusal, ...]
    """Questions that are left out."""

    def filled(self, content_sha256: str, group_ids: Collection[str]) -> Iterator[CandidateGroup]:
        """Those of some groups of a video that got words."""
        for group in self.groups.get(content_sha256, ()):
            if isinstance(group, CandidateGroup) and group.group_id in group_ids:
                yield group


@dataclass(frozen=True)
class OtherWords:
    """Fills open places with words of other videos: never with a true word that was edited, which might be right."""

    lender: Lender
    proof: ProofConfig
    """What it takes to prove that a word is not written in a clip."""
    seed: int

    def fill(self, offered: WordsOnOffer, read_groups: GroupReader, most_videos: float) -> WordGroups:
        """The groups about words that may be asked, in an order that does not depend on that of the offers.

        Refuses questions about a word that more than `most_videos` videos show (OVER_REPRESENTED), and those that get
        no other word (NO_ABSENT_ENTITY).
        """
        videos, answers = (offered.videos_by_word(answered=answered) for answered in (False, True))
        common = {word for word, where in videos.items() if len(where) > max(most_videos, _LEAST_COMMON - 1)}
        drawn: Counter[str] = Counter()
        groups: dict[str, list[OfferedGroup]] = {}
        refusals: list[Refusal] = []
        for content in sorted(offered.groups):
            rare = [group for group in offered.groups[content] if _word(group) not in common]
            words = {
                word: len(where)
                for word, where in sorted(answers.items())
                if content not in videos[word] and word not in common
            }
            kept = [group for group in rare if not group.open_words]
            waiting = {group.group_id for group in rare if group.open_words}
            whole = sorted(read_groups(content, waiting), key=lambda group: group.group_id) if waiting else []
            views = {clip.clip_id: SceneView(clip.scene) for clip in self.lender(content)} if whole and words else {}
            made = (self._filled(group, words, views[group.clip_id], drawn) for group in whole if views)
            groups[content] = [*kept, *(group for group in made if group is not None)]
            refusals += _refusals(content, offered.groups[content], groups[content], common)
        return WordGroups(groups, tuple(refusals))

    def _filled(
        self, group: CandidateGroup, words: Mapping[str, int], view: SceneView, drawn: Counter[str]
    ) -> CandidateGroup | None:
        """The group with false answers; words that were drawn less often than they are true come first."""
        rng = rng_for(self.seed, "words", group.group_id)
        true = group.chosen
        shuffled = [list(words)[int(i)] for i in rng.permutation(len(words))]
        in_turn = sorted(shuffled, key=lambda word: (_differs_in_length(word, true), drawn[word] / words[word]))
        found: dict[str, CandidateAnswer] = {}
        for word in in_turn[:_TRIED]:
            answer = self._answer(word, true, view)
            if answer is not None and len(found) < group.open_words:
                found[word] = answer
        if not found:
            return None
        drawn.update(found.keys())
        order = rng.permutation(len(found) + 1)
        answers = [true, *found.values()]
        return group.model_copy(
            update={
                "answers": tuple(answers[int(i)] for i in order),
                "balance_others": tuple((f"entity={list(found)[int(i) - 1]}",) for i in order if i),
                "absent": tuple(found),
                "open_words": 0,
            }
        )

    def _answer(self, word: str, true: CandidateAnswer, view: SceneView) -> CandidateAnswer | None:
        """The true answer with another word, if that is proven false."""
        said = _claim(true)
        claim = said.model_copy(update={"value": word, "margin": None, "in_video": False})
        checked = check_worded(claim, view, edge_seconds=self.proof.edge_seconds)
        if checked.truth is not TruthValue.FALSE or not self.proof.margins.allow(checked):
            return None
        kind, axis, corruption = typed_edit(said, claim)
        return CandidateAnswer(
            text=_with_word(true.text, said.value or "", word),
            claims=(claim.model_copy(update={"margin": checked.margin}),),
            rejected_kind=kind,
            adversary_axis=axis,
            corruption=corruption,
            model=true.model,
            verdicts=(Verdict(check="proof", passed=True, margin=checked.margin, detail=claim.predicate.value),),
        )


def _with_word(text: str, word: str, other: str) -> str:
    """The text with another word in its quotation marks, in the case of the first one."""
    return re.sub(
        f'"({re.escape(word)})"', lambda match: f'"{in_the_case_of(other, match[1])}"', text, flags=re.IGNORECASE
    )


def _word(group: GroupOutline) -> str | None:
    """The word that the true answer says is written; None if it is about something else."""
    claims = group.chosen.claims
    return claims[0].value if len(claims) == 1 and claims[0].predicate is Predicate.READS else None


def _claim(answer: CandidateAnswer) -> Claim:
    if answer.claim is None:
        raise ValueError("an answer about a word has a claim")
    return answer.claim


def _differs_in_length(word: str, true: CandidateAnswer) -> bool:
    """Whether it is so much longer or shorter than the true word that length alone might tell them apart."""
    return abs(len(word) - len(_claim(true).value or "")) > 2


def _refusals(
    content_sha256: str, offered: Iterable[GroupOutline], kept: Iterable[OfferedGroup], common: Collection[str]
) -> Iterator[Refusal]:
    """One for each question of which no group is left."""
    left = {group.slot_id for group in kept}
    gone = {group.slot_id: _word(group) for group in offered if group.slot_id not in left}
    for slot_id, word in gone.items():
        reason = DropReason.OVER_REPRESENTED if word in common else DropReason.NO_ABSENT_ENTITY
        yield Refusal(slot_id, content_sha256, DropCause(reason, _COMMON if word in common else _NO_WORD))
