"""The reference's scores of a group's visuals: from the cache, or made by the model that the policy started from."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.errors import OutputError
from schemas.pair import RejectedKind
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import Scores
from trainer.data.records import GroupRows
from trainer.loop.prefetch import GroupEncoder
from trainer.loop.progress import Pace, Say, clock
from trainer.loop.ranks import Rank
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import LossConfig, Method
from trainer.scoring.ready_group import ReadyGroup
from trainer.scoring.reference_cache import ReferenceCache
from trainer.scoring.vision_cache import VisualScorer


@dataclass(frozen=True)
class References:
    """Scores by the model that the policy started from."""

    policy: TrainedPolicy
    scorer: VisualScorer
    loss: LossConfig
    cache: ReferenceCache
    rank: Rank

    def scores_of(self, ready: ReadyGroup, *, held_out: bool) -> Sequence[Scores]:
        """The scores of `ready.visuals`, in order; none if SFT trains on the group.

        OutputError if the policy does not keep its reference and a score was not made before its first step.
        """
        if self.loss.method is Method.SFT and not held_out:
            return ()
        return self._scores(ready, held_out=held_out, may_make=self.policy.keeps_reference)

    def fill(
        self, trained: Sequence[GroupRows], held_out: Sequence[GroupRows], encoder: GroupEncoder, say: Say
    ) -> None:
        """Make all scores now: for a policy that does not keep its reference. Each process makes its share."""
        everything = [*((rows, False) for rows in trained), *((rows, True) for rows in held_out)]
        groups = self.rank.share(everything) if everything else ()
        pace = Pace()
        for number, ((rows, is_held_out), _) in enumerate(groups, start=1):
            self._scores(encoder.encode(rows), held_out=is_held_out, may_make=True)
            seconds = pace.due(number, len(groups))
            if seconds is not None:
                left = seconds * (len(groups) - number)
                done = min(number * self.rank.count, len(everything))
                say(f"reference scores of {done} of {len(everything)} groups, {clock(left)} left")
        self.rank.wait_for_all()

    def _scores(self, ready: ReadyGroup, *, held_out: bool, may_make: bool) -> list[Scores]:
        wanted = self.hidden_of(ready, held_out=held_out)
        found = [self.cache.get(*one) for one in zip(ready.visuals, wanted, strict=True)]
        if None in found and not may_make:
            raise OutputError(
                f"the reference's scores of group {ready.rows.group_id} are missing, and the model that could "
                "make them is trained already; run again with another --out"
            )
        # a process that finds a score must make it too if another that shares the model with it does not find it
        for number, is_made in enumerate(self.rank.passes([scores is None for scores in found])):
            own = number < len(found)
            if is_made:
                encoded, hidden_of = (ready.visuals[number], wanted[number]) if own else (ready.answers, ())
                made = self._made(encoded, hidden=bool(hidden_of))
                if own and found[number] is None:
                    found[number] = self.cache.put(encoded, made, hidden_of)
        return [scores for scores in found if scores is not None]

    def _made(self, encoded: EncodedGroup, *, hidden: bool) -> Scores:
        with self.policy.as_reference() as model, self.policy.computing():
            return self.scorer.score(model, encoded, hidden=hidden)

    def hidden_of(self, ready: ReadyGroup, *, held_out: bool) -> list[tuple[int, ...]]:
        """For each of `ready.visuals` the answers whose KL, and so whose hidden states, are needed.

        L_t needs the chosen and the relevant answer. A held-out group needs the chosen answer on every visual on which
        it is true.
        """
        chosen: tuple[int, ...] = (0,) if held_out and self.policy.head_is_frozen else ()
        answers = chosen
        if self.loss.needs_hidden:
            relevant = ready.rows.place_of(RejectedKind.RELEVANT)
            answers = chosen if relevant is None else (0, relevant)
        contrasts = ready.must_win[1:] if ready.with_answers else ready.must_win
        own = [answers] if ready.with_answers else []
        return [*own, *(chosen if must_win else () for must_win in contrasts)]
