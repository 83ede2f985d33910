"""The rows that trainers with verifiable rewards read, and how each of these trainers is called."""

import shlex
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from pipeline.export.format import Finished, FormatOptions
from pipeline.export.formats.ms_swift import MsSwift
from pipeline.export.formats.trl import ADAPTER, image_folder, image_names
from pipeline.export.prompt import marked_images, user_content
from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.rewards.file import Trainer
from pipeline.export.row_sink import JsonLines, ParquetRows, RowSink
from pipeline.export.token_bound import text_tokens, visual_tokens
from pipeline.export.two_a_second import ANY_RATE
from pipeline.export.verifiable.question import VerifiableQuestion

_MODEL = "Qwen/Qwen2.5-VL-7B-Instruct"
_ANSWER_TOKENS = 512
"""Room for what a model writes."""


class QuestionRows(ABC):
    """How one trainer reads questions. As it is, frames are images, about whose times nothing is known."""

    rewards: ClassVar[Trainer]
    """Whose signature rewards.py has."""
    consumer: ClassVar[str]
    media: ClassVar[tuple[Medium, ...]] = (Medium.FRAMES,)
    folder_per_split: ClassVar[bool] = False

    def __init__(self, out: Path, medium: Medium, chosen: FormatOptions) -> None:
        """Keep where the export will lie, its medium and the options."""
        self.out, self.medium, self.chosen = out, medium, chosen

    @abstractmethod
    def values(self, question: ExportQuestion, asked: VerifiableQuestion, row_id: str) -> dict[str, Any]:
        """What is written of a question."""

    @abstractmethod
    def command(self, finished: Finished, limit: int) -> str:
        """The trainer's command; `limit` holds the longest prompt."""

    def tokens(self, question: ExportQuestion, text: str) -> int:
        """The most tokens of a prompt that shows the question's visual and holds this text."""
        return visual_tokens(question.visual, Medium.FRAMES) + text_tokens(text)

    def believed_seconds(self, seconds: Sequence[float]) -> Sequence[float] | None:  # noqa: ARG002 ms-swift overrides it
        """When the frames are believed to be shown; None if no times are known."""
        return None

    def times_said(self) -> str:
        """When the trainer believes that each frame is shown."""
        if self.chosen.times:
            return f"{self.consumer} shows the frames as images without times; the prompt says the time of each"
        return f"{self.consumer} shows the frames as images without times; --times writes their times down"

    def sink(self, folder: Path) -> RowSink:
        """Where the rows go."""
        return JsonLines(folder)

    def marked(self, question: ExportQuestion, text: str) -> str:
        """What the user says, with a mark for each image."""
        return marked_images(question.visual, text, times=self.chosen.times)


class TrlQuestions(QuestionRows):
    """An image folder of `datasets`, as for pairs, with the truth in `solution`."""

    rewards = "trl"
    consumer = "TRL"
    folder_per_split = True

    def values(self, question: ExportQuestion, asked: VerifiableQuestion, row_id: str) -> dict[str, Any]:
        """A conversation with one message."""
        return {
            "images_file_names": image_names(question),
            "prompt": [{"role": "user", "content": user_content(question, asked.text, times=self.chosen.times)}],
            "solution": asked.truth,
            "id": row_id,
        }

    def sink(self, folder: Path) -> RowSink:
        """A folder for each split."""
        return image_folder(folder)

    def command(self, finished: Finished, limit: int) -> str:
        """TRL's own command, run in the folder, where it finds rewards.py; it cuts no prompt."""
        return (
            f'(cd {shlex.quote(str(self.out))} && trl grpo --model_name_or_path {_MODEL} --dataset_name "$PWD" '
            f"--dataset_train_split {finished.trained} "
            f"--reward_funcs rewards.proven --max_completion_length {_ANSWER_TOKENS} --use_vllm --vllm_mode colocate "
            f"--vllm_max_model_length {limit + _ANSWER_TOKENS} {ADAPTER} "
            '--output_dir "$OLDPWD/policy")'
        )


class MsSwiftQuestions(QuestionRows):
    """JSON Lines with the messages and videos of ms-swift's pairs."""

    rewards = "ms_swift"
    consumer = "ms-swift"
    media = MsSwift.media

    def __init__(self, out: Path, medium: Medium, chosen: FormatOptions) -> None:
        """Show what the pairs show."""
        super().__init__(out, medium, chosen)
        self._pairs = MsSwift(out, medium, chosen)

    def values(self, question: ExportQuestion, asked: VerifiableQuestion, row_id: str) -> dict[str, Any]:
        """The message of the user, and the truth in a column of its own."""
        return {
            "messages": [{"role": "user", "content": self._pairs.marked(question.visual, asked.text)}],
            self._pairs.column: self._pairs.files(question.visual),
            "solution": asked.truth,
            "id": row_id,
        }

    def tokens(self, question: ExportQuestion, text: str) -> int:
        """As of pairs."""
        return self._pairs.tokens(question, text)

    def believed_seconds(self, seconds: Sequence[float]) -> Sequence[float] | None:
        """As of pairs."""
        return self._pairs.believed_seconds(seconds)

    def times_said(self) -> str:
        """As of pairs."""
        return self._pairs.times_said()

    def command(self, finished: Finished, limit: int) -> str:
        """ms-swift's own command, run in the folder."""
        every_frame = f"FPS={ANY_RATE} " if self.medium is Medium.VIDEO else ""
        return (
            f"(cd {shlex.quote(str(self.out))} && {every_frame}swift rlhf --rlhf_type grpo --model {_MODEL} "
            f"--dataset {finished.trained}.jsonl --external_plugins rewards.py --reward_funcs vidpref "
            "--num_generations 8 --gradient_accumulation_steps 8 "  # else the answers do not divide a batch of a device
            f'--max_length {limit} --max_completion_length {_ANSWER_TOKENS} --output_dir "$OLDPWD/policy")'
        )


class VerlQuestions(QuestionRows):
    """Parquet with the columns of verl's documentation. It opens images by their full paths."""

    rewards = "verl"
    consumer = "verl"

    def values(self, question: ExportQuestion, asked: VerifiableQuestion, row_id: str) -> dict[str, Any]:
        """The prompt with marks for the images, and the truth in `reward_model`."""
        return {
            "data_source": "vidpref",
            "prompt": [{"role": "user", "content": self.marked(question, asked.text)}],
            "images": [{"image": str(self.out / name)} for name in question.visual.frames],
            "ability": question.first.axis.value,
            "reward_model": {"style": "rule", "ground_truth": asked.truth},
            "extra_info": {"id": row_id, "split": question.split.value, "kind": asked.kind.value},
        }

    def sink(self, folder: Path) -> RowSink:
        """A Parquet file for each split."""
        return ParquetRows(folder)

    def command(self, finished: Finished, limit: int) -> str:
        """Verl's own command."""
        out = shlex.quote(str(self.out))
        return (
            "python -m verl.trainer.main_ppo algorithm.adv_estimator=grpo "
            f"data.train_files={out}/{finished.trained}.parquet "
            f"data.val_files={out}/{finished.watched}.parquet data.image_key=images data.truncation=error "
            f"data.max_prompt_length={limit} data.max_response_length={_ANSWER_TOKENS} "
            f"custom_reward_function.path={out}/rewards.py actor_rollout_ref.model.path={_MODEL} "
            "actor_rollout_ref.rollout.name=vllm"
        )


class EasyR1Questions(QuestionRows):
    """JSON Lines with the columns of EasyR1's documentation; images lie below `data.image_dir`."""

    rewards = "easyr1"
    consumer = "EasyR1"

    def values(self, question: ExportQuestion, asked: VerifiableQuestion, row_id: str) -> dict[str, Any]:
        """The problem with marks for the images, and the truth as its answer."""
        return {
            "problem": self.marked(question, asked.text),
            "answer": asked.truth,
            "images": list(question.visual.frames),
            "id": row_id,
        }

    def command(self, finished: Finished, limit: int) -> str:
        """EasyR1's own command."""
        out = shlex.quote(str(self.out))
        return (
            "python -m verl.trainer.main config=examples/config.yaml "
            f"data.train_files={out}/{finished.trained}.jsonl "
            f"data.val_files={out}/{finished.watched}.jsonl data.image_dir={out} data.prompt_key=problem "
            f"data.answer_key=answer data.image_key=images data.max_prompt_length={limit} "
            f"data.max_response_length={_ANSWER_TOKENS} data.format_prompt=null "
            f"worker.reward.reward_function={out}/rewards.py:compute_score "
            f"worker.actor.model.model_path={_MODEL}"
        )


TRAINERS: dict[str, type[QuestionRows]] = {
    "trl": TrlQuestions,
    "ms-swift": MsSwiftQuestions,
    "verl": VerlQuestions,
    "easyr1": EasyR1Questions,
}
"""By what `--trainer` calls them, the default first."""
