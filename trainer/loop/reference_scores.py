"""The reference's scores of a group's visuals: from the cache, or made once by what the policy started from."""

from collections.abc import Sequence
from dataclasses import dataclass

from peft import PeftModel

from schemas.errors import OutputError
from schemas.pair import RejectedKind
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import Scores
from trainer.data.records import GroupRows
from trainer.loop.prefetch import GroupEncoder
from trainer.loop.progress import Pace, Say, clock
from trainer.loop.ranks import Place
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import LossConfig, Method
from trainer.scoring.ready_group import ReadyGroup
from trainer.scoring.reference_cache import ReferenceCache
from trainer.scoring.visual_scorer import VisualScorer


@dataclass(frozen=True)
class References:
    """What every group is held against."""

    policy: TrainedPolicy
    score: VisualScorer
    loss: LossConfig
    cache: ReferenceCache
    place: Place

    def __call__(self, ready: ReadyGroup, *, looking: bool) -> Sequence[Scores]:
        """The scores of `ready.visuals`, in order; none where SFT trains on the group.

        OutputError where a fully trained policy needs one that was not made before its first step.
        """
        if self.loss.method is Method.SFT and not looking:
            return ()
        return self._scores(ready, looking=looking, may_make=isinstance(self.policy.model, PeftModel))

    def fill(self, trained: Sequence[GroupRows], held_out: Sequence[GroupRows], encode: GroupEncoder, say: Say) -> None:
        """Make all scores now: for a policy whose own weights change, before they do. Each process makes its share."""
        everything = [*((rows, False) for rows in trained), *((rows, True) for rows in held_out)]
        groups = self.place.share(everything) if everything else ()
        pace = Pace()
        for number, ((rows, looking), _) in enumerate(groups, start=1):
            self._scores(encode(rows), looking=looking, may_make=True)
            seconds = pace.due(number, len(groups))
            if seconds is not None:
                left = seconds * (len(groups) - number)
                done = min(number * self.place.ranks, len(everything))
                say(f"reference scores of {done} of {len(everything)} groups, {clock(left)} left")
        self.place.wait_for_all()

    def _scores(self, ready: ReadyGroup, *, looking: bool, may_make: bool) -> list[Scores]:
        wanted = self.hidden_of(ready, looking=looking)
        found = [self.cache.get(*one) for one in zip(ready.visuals, wanted, strict=True)]
        if None in found and not may_make:
            raise OutputError(
                f"the reference's scores of group {ready.rows.group_id} are missing, and the model that could "
                "make them is trained already; run again with another --out"
            )
        # a process that finds a score must make it too, where another that shares the model with it does not
        for number, is_made in enumerate(self.place.passes([scores is None for scores in found])):
            own = number < len(found)
            if is_made:
                encoded, hidden_of = (ready.visuals[number], wanted[number]) if own else (ready.answers, ())
                made = self._made(encoded, hidden=bool(hidden_of))
                if own and found[number] is None:
                    found[number] = self.cache.put(encoded, made, hidden_of)
        return [scores for scores in found if scores is not None]

    def _made(self, encoded: EncodedGroup, *, hidden: bool) -> Scores:
        with self.policy.as_reference() as model, self.policy.computing():
            return self.score(model, encoded, hidden=hidden)

    def hidden_of(self, ready: ReadyGroup, *, looking: bool) -> list[tuple[int, ...]]:
        """Of each of `ready.visuals` the answers whose KL is wanted: of L_t the chosen and the relevant one, of a look
        the chosen one on every visual where it must win.
        """
        chosen: tuple[int, ...] = (0,) if looking and self.policy.head_is_frozen else ()
        answers = chosen
        if self.loss.needs_hidden:
            relevant = ready.rows.place_of(RejectedKind.RELEVANT)
            answers = chosen if relevant is None else (0, relevant)
        contrasts = ready.must_win[1:] if ready.with_answers else ready.must_win
        own = [answers] if ready.with_answers else []
        return [*own, *(chosen if must_win else () for must_win in contrasts)]
