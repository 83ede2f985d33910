"""K answers to one question on the GPU: side by side on one encoding, against `generate(num_return_sequences=K)`."""

from collections.abc import Callable
from typing import Any

import torch
from transformers import GenerationConfig

from stages.models.video_llm.prompts import PromptReader
from stages.models.video_llm.samples import TokenDraw, samples
from stages.models.video_llm.score import evaluating
from tests.benchmarks import gpu_steps
from tests.benchmarks.gpu_meter import Line, Meter
from tests.benchmarks.sampling import GOAL, TOP_P, ShapeFamily
from tests.benchmarks.train_model import Shape, make_group

ANSWERS = 4


def sampling(meter: Meter, model: Any, shape: Shape) -> list[str]:
    """Both ways draw their own tokens: in bfloat16 two ways to compute the same differ too much to be compared."""
    group = make_group(shape, 1).to(model.device)
    noise_KT = torch.rand((ANSWERS, shape.answer_tokens), generator=torch.Generator().manual_seed(0))
    family = ShapeFamily("benchmark", None, shape.config)
    config = GenerationConfig(
        do_sample=True,
        top_k=0,
        top_p=TOP_P,
        num_return_sequences=ANSWERS,
        max_new_tokens=shape.answer_tokens,
        pad_token_id=0,
    )

    def ours() -> None:
        prefix, _ = PromptReader(model, family).read(make_group(shape, 1))
        samples(model, prefix, noise_KT, TokenDraw(1.0, TOP_P), ())

    def theirs() -> None:
        types = group.token_types_P
        ids, kinds = group.prompt_ids_P[None], None if types is None else types[None]
        model.generate(input_ids=ids, mm_token_type_ids=kinds, generation_config=config, **group.vision)

    def answers_a_second(way: Callable[[], None]) -> Line:
        line = meter.timed(way)
        return {**line, "rows_per_second": ANSWERS / line["seconds"]}

    with evaluating(model), torch.autocast(model.device.type, torch.bfloat16):  # adapters are float32
        lines = [
            meter.attempt("sampling", name, lambda way=way: answers_a_second(way))
            for name, way in (("one encoding", ours), (f"num_return_sequences={ANSWERS}", theirs))
        ]
    what = f"{gpu_steps.size_of(shape)}: {ANSWERS} answers of {shape.answer_tokens} tokens against num_return_sequences"
    return [gpu_steps.verdict(what, gpu_steps.ratio(lines[1], lines[0]), GOAL)]
