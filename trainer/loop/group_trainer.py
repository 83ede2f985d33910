"""The step loop of transformers, told how this trainer steps: group by group, each with its own backward pass."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, SequentialSampler
from transformers import PrinterCallback, Trainer, TrainingArguments

from schemas.errors import TrainingError
from trainer.loop.checkpoint import mark_complete
from trainer.loop.metrics import PairSeen
from trainer.loop.objective import GroupOutcome, Objective
from trainer.loop.prefetch import ReadyStep, StepFeed
from trainer.loop.ranks import Place
from trainer.loop.reference_scores import References
from trainer.policy.policy import TrainedPolicy
from trainer.scoring.ready_group import ReadyGroup


@dataclass(frozen=True)
class GroupScorer:
    """A group's visuals scored by the policy, and held against the reference."""

    objective: Objective
    references: References

    @property
    def policy(self) -> TrainedPolicy:
        """What is trained."""
        return self.references.policy

    @property
    def place(self) -> Place:
        """Which of the processes this is."""
        return self.references.place

    def __call__(self, model: nn.Module, ready: ReadyGroup, *, looking: bool = False) -> GroupOutcome:
        """What the group, or a part of one, comes to; `model` is the policy's, maybe under a distributed wrapper.

        `looking` at a held-out group tells more than training needs: the KL, and of SFT its pairs.
        """
        score, hidden_of = self.references.score, self.references.hidden_of(ready, looking=looking)
        passes = self.place.most(len(ready.visuals))
        with self.policy.computing():
            own = [
                score(model, encoded, hidden=bool(wanted))
                for encoded, wanted in zip(ready.visuals, hidden_of, strict=True)
            ]
            idle = [score(model, ready.answers, hidden=False) for _ in range(passes - len(own))]
        device = (own or idle)[0].logprobs_KT.device
        reference = self.references(ready, looking=looking)
        outcome = self.objective(ready, own, [scores.to(device) for scores in reference])
        # an idle pass counts for nothing, but its backward pass has to be made in step too
        return replace(outcome, loss=outcome.loss + sum(0.0 * scores.logprobs_KT.sum() for scores in idle))


class Watch(ABC):
    """Told what happens in a training, and asked what to log of it."""

    @abstractmethod
    def trained(self, seen: Sequence[PairSeen]) -> None:
        """The pairs of a group of the running step."""

    @abstractmethod
    def numbers(self) -> dict[str, float]:
        """What is logged beside the loss, of all groups since the last time."""

    @abstractmethod
    def look(self, trainer: "GroupTrainer") -> dict[str, float]:
        """Look at the held-out groups; gives what is logged of them."""


class GroupTrainer(Trainer):
    """`transformers.Trainer` over steps of groups. One item of its data set is one optimiser step of this process."""

    def __init__(
        self,
        scorer: GroupScorer,
        feed: StepFeed,
        args: TrainingArguments,
        watch: Watch,
        layout: str,
        **more: Any,
    ) -> None:
        """`layout` is that of its checkpoints."""
        super().__init__(model=scorer.policy.model, args=args, train_dataset=feed, **more)
        self.remove_callback(PrinterCallback)
        self._scorer = scorer
        self._feed = feed
        self._watch = watch
        self._layout = layout
        self._step: ReadyStep | None = None

    def get_train_dataloader(self) -> DataLoader[ReadyStep]:
        """Steps in their order, each whole: the feed has dealt the groups to the processes already."""
        return DataLoader(self._feed, batch_size=1, sampler=SequentialSampler(self._feed), collate_fn=_one)

    def get_batch_samples(self, epoch_iterator: Iterator[ReadyStep], num_batches: int, device: torch.device) -> Any:
        """The next step; the loss divides by its pairs itself."""
        del device
        return [next(epoch_iterator) for _ in range(num_batches)], None

    def floating_point_ops(self, inputs: Any) -> int:
        """Not counted."""
        del inputs
        return 0

    def training_step(self, model: nn.Module, inputs: Any, num_items_in_batch: Any = None) -> Tensor:
        """Backward passes of all groups; gives the step's loss, this process's share of it scaled to the whole.

        TrainingError where a loss is no number.
        """
        del num_items_in_batch
        model.train()
        self._step = inputs
        total = torch.zeros((), device=self.args.device)
        for number, (ready, counts) in enumerate(inputs.groups, start=1):
            # part by part, so that no more than the visuals of one are held until a backward pass
            parts = ready.parts(self._scorer.place.most(len(ready.parts())))
            for place, part in enumerate(parts, start=1):
                is_last = (number, place) == (len(inputs.groups), len(parts))
                with self._synced(model, now=is_last):
                    outcome = self._scorer(model, part)
                    self._refuse_no_number(outcome)
                    # gradients are averaged over processes, so each one's share counts as often as there are processes
                    share = outcome.loss * (int(counts) * self.args.world_size / inputs.pairs)
                    self.accelerator.backward(share)
                total += share.detach().float()
                if counts:
                    self._watch.trained(outcome.seen)
        return total

    def _synced(self, model: nn.Module, *, now: bool) -> AbstractContextManager[Any]:
        """Processes add up their gradients after the last backward pass alone."""
        context: AbstractContextManager[Any] = nullcontext() if now else self.accelerator.no_sync(model)
        return context

    def _refuse_no_number(self, outcome: GroupOutcome) -> None:
        if not bool(torch.isfinite(outcome.loss)):
            rows, loss = outcome.ready.rows, float(outcome.loss.detach())
            raise TrainingError(
                f"step {self.state.global_step + 1}: the loss of group {rows.group_id} is {loss} "
                f"({_named([rows])}); the last checkpoint is kept; try a lower optimiser.learning_rate, "
                "or look at the rows with vidpref inspect --pair"
            )

    def _clip_grad_norm(self, model: nn.Module) -> Any:
        norm = super()._clip_grad_norm(model)  # type: ignore[no-untyped-call]  # transformers' own
        if norm is not None and not bool(torch.isfinite(torch.as_tensor(norm))) and self._step is not None:
            groups = [ready.rows for ready, _ in self._step.groups]
            raise TrainingError(
                f"step {self.state.global_step + 1}: the gradient is {float(norm)} ({_named(groups)}); "
                "the last checkpoint is kept; try a lower optimiser.learning_rate"
            )
        return norm

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """The numbers of the step beside its loss."""
        if "loss" in logs:
            logs |= self._watch.numbers()
        super().log(logs, start_time)

    @torch.no_grad()
    def looked_at(self, ready: ReadyGroup) -> tuple[PairSeen, ...]:
        """The pairs of a held-out group, without dropout and without gradient."""
        self.model_wrapped.eval()
        return self._scorer(self.model_wrapped, ready, looking=True).seen

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Look at the held-out groups."""
        numbers = self._watch.look(self)
        self.log(numbers)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, numbers)
        return numbers

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        self.accelerator.wait_for_everyone()
        if self.args.should_save:
            mark_complete(Path(str(self.args.output_dir)) / f"checkpoint-{self.state.global_step}", self._layout)


def _named(groups: Sequence[Any]) -> str:
    """The rows of groups, the first few by id."""
    ids = [answer.pair_id for group in groups for answer in group.rejected] or [group.group_id for group in groups]
    more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
    return f"rows {', '.join(map(str, ids[:4]))}{more}"


def _one(items: list[ReadyStep]) -> ReadyStep:
    return items[0]
