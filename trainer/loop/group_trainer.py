"""The step loop of transformers with this trainer's step: group by group, each with its own backward pass."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, SequentialSampler
from transformers import PrinterCallback, Trainer, TrainingArguments

from schemas.errors import DivergedError, OutputError
from trainer.loop.best_step import note_best
from trainer.loop.checkpoint import folder_of, is_complete, mark_complete
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.monitor import RunMonitor
from trainer.loop.objective import GroupOutcome
from trainer.loop.prefetch import StepFeed
from trainer.loop.step import backward_passes
from trainer.scoring.ready_group import ReadyStep


class GroupTrainer(Trainer):
    """`transformers.Trainer` over steps of groups. One item of its data set is one optimiser step of this process."""

    def __init__(
        self,
        scorer: GroupScorer,
        feed: StepFeed,
        args: TrainingArguments,
        monitor: RunMonitor,
        layout: str,
        **more: Any,
    ) -> None:
        """Take what a step needs; `layout` names how checkpoints hold weights and moments, `more` goes to Trainer."""
        super().__init__(model=scorer.policy.model, args=args, train_dataset=feed, **more)
        self.remove_callback(PrinterCallback)
        self._scorer = scorer
        self._feed = feed
        self._monitor = monitor
        self._layout = layout
        self._step: ReadyStep | None = None

    def get_train_dataloader(self) -> DataLoader[ReadyStep]:
        """Steps in their order, each complete: the feed has dealt the groups to the processes already."""
        return DataLoader(self._feed, batch_size=1, sampler=SequentialSampler(self._feed), collate_fn=_one)

    def get_batch_samples(self, epoch_iterator: Iterator[ReadyStep], num_batches: int, device: torch.device) -> Any:
        """The next steps, without a count of items: the loss divides by its pairs itself."""
        del device
        return [next(epoch_iterator) for _ in range(num_batches)], None

    def floating_point_ops(self, inputs: Any) -> int:
        """Not counted."""
        del inputs
        return 0

    def training_step(self, model: nn.Module, inputs: Any, num_items_in_batch: Any = None) -> Tensor:
        """Make the backward passes of all groups; returns this process's share of the loss, scaled to the whole step.

        DivergedError if a loss is NaN or infinite.
        """
        del num_items_in_batch
        model.train()
        self._step = inputs
        total = torch.zeros((), device=self.args.device)
        processes = self.args.world_size

        def synced(is_last: bool) -> AbstractContextManager[Any]:
            """Let the processes add up their gradients only after the last backward pass."""
            context: AbstractContextManager[Any] = nullcontext() if is_last else self.accelerator.no_sync(model)
            return context

        for made in backward_passes(self._scorer, model, inputs, self._backward, processes=processes, synced=synced):
            total += made.share.float()
            if made.counts:
                self._monitor.trained(made.outcome.seen)
        return total

    def _backward(self, outcome: GroupOutcome, share: Tensor) -> None:
        self._refuse_not_finite(outcome)
        self.accelerator.backward(share)

    def _refuse_not_finite(self, outcome: GroupOutcome) -> None:
        if not bool(torch.isfinite(outcome.loss)):
            rows, loss = outcome.ready.rows, float(outcome.loss.detach())
            raise DivergedError(
                f"step {self.state.global_step + 1}: the loss of group {rows.group_id} is {loss} "
                f"({_named([rows])}); the last checkpoint is kept; try a lower optimiser.learning_rate, "
                "or look at the rows with vidpref inspect --pair"
            )

    def _clip_grad_norm(self, model: nn.Module) -> Any:
        norm = super()._clip_grad_norm(model)  # type: ignore[no-untyped-call]  # transformers' own
        if norm is not None and not bool(torch.isfinite(torch.as_tensor(norm))) and self._step is not None:
            groups = [member.rows for ready, _ in self._step.groups for member in ready.members]
            raise DivergedError(
                f"step {self.state.global_step + 1}: the gradient is {float(norm)} ({_named(groups)}); "
                "the last checkpoint is kept; try a lower optimiser.learning_rate"
            )
        return norm

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Log the step with the numbers of its pairs beside the loss."""
        if "loss" in logs:
            logs |= self._monitor.numbers(self.state.global_step)
            if self._step is not None and self._step.stage is not None:
                logs["stage"] = float(self._step.stage)
        super().log(logs, start_time)

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """Evaluate the policy on the held-out groups."""
        numbers = self._monitor.evaluate(self._scorer, self.model_wrapped, self.state.global_step)
        self.log(numbers)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, numbers)
        if note_best(self.state, numbers):
            self.control.should_save = True
        return numbers

    def load_best(self) -> None:
        """Load the weights of the best step. OutputError if its checkpoint is gone."""
        checkpoint = folder_of(Path(str(self.args.output_dir)), self.state.best_global_step or 0)
        if not is_complete(checkpoint):
            raise OutputError(
                f"{checkpoint}, the checkpoint of the best step, is not complete any more: try --use last"
            )
        self.state.best_model_checkpoint = str(checkpoint)
        self._load_best_model()

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        # a run that resumes from here finds them in the log
        self._monitor.feed.unusables.settle(self.state.global_step)
        super()._save_checkpoint(model, trial)
        self.accelerator.wait_for_everyone()
        if self.args.should_save:
            mark_complete(folder_of(Path(str(self.args.output_dir)), self.state.global_step), self._layout)


def _named(groups: Sequence[Any]) -> str:
    """The ids of the first few rows of some groups."""
    ids = [answer.pair_id for group in groups for answer in group.rejected] or [group.group_id for group in groups]
    more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
    return f"rows {', '.join(map(str, ids[:4]))}{more}"


def _one(items: list[ReadyStep]) -> ReadyStep:
    return items[0]
