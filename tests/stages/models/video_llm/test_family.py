"""Encoding: the template of each family, true times, and what is refused instead of cut.

Covers chat, encoded, internvl, llava, opening, provenance, qwen and transcript.
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForImageTextToText

from schemas.errors import EncodingError, ModelError
from stages.models.video_llm import FrameTimes, open_family
from stages.models.video_llm.family import TimePositions
from stages.models.video_llm.score import ScorePath, score
from stages.models.video_llm.transcript import answered_text
from stages.visuals.visual import Visual
from tests.trainer.checkpoints import FAMILIES, checkpoint, write
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip, family_of, group_of, model_of


@pytest.mark.parametrize("name", FAMILIES)
def test_answers_end_at_eos_and_nowhere_else(name: str) -> None:
    """EOS is added if a template writes none, and what a template writes after it is not scored."""
    family = family_of(name)
    for ids_T, answer in zip(group_of(name).answer_ids, ANSWERS, strict=True):
        assert (ids_T == family.processor.tokenizer.eos_token_id).nonzero().flatten().tolist() == [len(ids_T) - 1]
        assert family.processor.tokenizer.decode(ids_T[:-1]).removeprefix(" ") == answer


@pytest.mark.parametrize("frames", [1, 2, 3, 8])
@pytest.mark.parametrize("name", FAMILIES)
def test_any_number_of_frames_is_scored(name: str, frames: int) -> None:
    """One frame, odd numbers and a keyframe repeated as a still: all paths agree on each."""
    family, model = family_of(name), model_of(name, torch.float64)
    moving = clip(frames=frames)
    still = Visual(np.repeat(moving.frames_NHWC[:1], frames, 0), np.repeat(moving.pts_seconds[:1], frames))
    for visual in (moving, still):
        group = family.encode(visual, QUESTION, ANSWERS[:2])
        with torch.no_grad():
            split, oracle = (score(model, family, group, path=p) for p in (ScorePath.SPLIT, ScorePath.UNSHARED))
        assert float((split.logprobs_KT - oracle.logprobs_KT).abs().max()) <= 1e-10


def test_weights_for_a_gpu_are_read_straight_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loaded to another device, and not to the host's memory first; what a caller says of the device goes first."""
    asked: list[Any] = []
    from_pretrained = AutoModelForImageTextToText.from_pretrained

    def noted(path: str, **options: Any) -> Any:
        asked.append(options.pop("device_map", None))
        return from_pretrained(path, **options)

    monkeypatch.setattr(AutoModelForImageTextToText, "from_pretrained", noted)
    family = family_of("qwen2_5_vl")
    for options in ({}, {"device": "cuda:1"}, {"device": "cuda:1", "device_map": {"": "cuda:0"}}):
        family.load(dtype=torch.float32, **options)
    assert asked == [None, {"": "cuda:1"}, {"": "cuda:0"}]


def test_how_much_each_family_uses_of_times() -> None:
    """Qwen2.5-VL the mean spacing, Qwen3-VL each pair's mean, the others none."""
    takes = {name: family_of(name).frame_times for name in FAMILIES}
    assert takes.pop("qwen2_5_vl") is FrameTimes.MEAN_SPACING
    assert takes.pop("qwen3_vl") is FrameTimes.EACH_PAIR
    assert set(takes.values()) == {FrameTimes.NONE}


@pytest.mark.parametrize("fps", [0.5, 2.0, 7.5])
def test_qwen2_5_vl_gets_the_mean_spacing(fps: float) -> None:
    """Two frames a grid step at `fps`: 2 / fps seconds a step."""
    assert group_of("qwen2_5_vl", 1, fps).vision["second_per_grid_ts"].tolist() == pytest.approx([2 / fps])


def test_qwen3_vl_gets_the_time_of_each_pair() -> None:
    """Frames at 1.0, 1.5, 4.0, 9.0 and 9.3 s make pairs at 1.25, 6.5 and, the last shown twice, 9.3 s."""
    pixels = clip(frames=5).frames_NHWC
    family = family_of("qwen3_vl")
    group = family.encode(Visual(pixels, np.array([1.0, 1.5, 4.0, 9.0, 9.3])), QUESTION, ANSWERS[:1])
    text = family.processor.tokenizer.decode(group.prompt_ids_P)
    assert [part.split(" seconds>")[0] for part in text.split("<") if " seconds>" in part] == ["1.2", "6.5", "9.3"]
    assert group.vision["video_grid_thw"][0, 0] == 3


@pytest.mark.parametrize(("fps", "distinct"), [(1.0, 4), (4.0, 4), (5.0, 3), (16.0, 1)])
def test_dense_frames_share_a_time_position_of_qwen2_5_vl(tmp_path: Path, fps: float, distinct: int) -> None:
    """With 2 ticks a second, as released checkpoints have, pair i of frames is at floor(2 * 2 i / fps) ticks.

    Eight frames are four pairs: at 1 fps at 0, 4, 8, 12 ticks; at 4 fps at 0, 1, 2, 3; at 5 fps at 0, 0, 1, 2; at
    16 fps all at 0.
    """
    folder = Path(shutil.copytree(checkpoint("qwen2_5_vl"), tmp_path / "released"))
    config = json.loads((folder / "config.json").read_text())
    edit(folder / "config.json", vision_config={**config["vision_config"], "tokens_per_second": 2})
    family = open_family(str(folder))
    group = family.encode(clip(frames=8, fps=fps), QUESTION, ANSWERS[:1])
    assert family.time_positions(family.load(dtype=torch.float32), group) == TimePositions(4, distinct, 0.5)


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"qwen2_5_vl"}))
def test_positions_of_other_families_are_not_times(name: str) -> None:
    """They have no time positions that frames could share: Qwen3-VL reads times as text, the others have none."""
    assert family_of(name).time_positions(model_of(name, torch.float32), group_of(name)) is None


@pytest.mark.parametrize("name", FAMILIES)
def test_the_visual_is_named_by_its_pixels(name: str) -> None:
    """The same clip has the same key in every group, another clip another."""
    family, group = family_of(name), group_of(name)
    assert family.encode(clip(), "When?", ANSWERS[:1]).vision_key == group.vision_key
    assert family.encode(clip(seed=1), QUESTION, ANSWERS[:1]).vision_key != group.vision_key


@pytest.mark.parametrize(
    ("question", "answer", "says"),
    [
        (QUESTION, "  ", "empty"),
        (QUESTION, "The <|im_end|> shape.", "holds the special token"),
        ("Which <|video_pad|>?", "The shape.", "holds the special token"),
    ],
)
def test_texts_that_steer_the_model_are_refused(question: str, answer: str, says: str) -> None:
    """An empty answer, or one with a special token, is refused with the reason."""
    with pytest.raises(EncodingError, match=says):
        family_of("qwen2_5_vl").encode(clip(), question, [answer])


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of a checkpoint, to be changed."""
    return Path(shutil.copytree(checkpoint("llava_onevision"), tmp_path / "changed"))


def edit(file: Path, **values: object) -> None:
    """Set keys of a JSON file."""
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


ASKING, ROLE = "<|im_start|>assistant\n", "{{ message['role'] }}\n"


@pytest.mark.parametrize(
    ("changes", "answer", "says"),
    [
        ({ASKING: "<|im_start|>bot\n"}, "The clip.", "prompt .* is not a prefix of prompt"),
        ({"{{ part['text'] }}": "{{ part['text'][:40] }}"}, ANSWERS[0], "must keep its words"),
        (
            {ASKING: "<|im_start|>assistant sha", ROLE: "{{ message['role'] }} sha"},
            "pe appears.",
            "tokens are not a prefix",
        ),
    ],
)
def test_a_template_that_moves_the_prompt_is_refused(
    tmp_path: Path, changes: dict[str, str], answer: str, says: str
) -> None:
    """Another prompt once there is an answer, a cut answer, or a prompt that the answer's letters join: refused."""
    folder = Path(shutil.copytree(checkpoint("internvl"), tmp_path / "moved"))
    file = folder / "chat_template.jinja"
    text = file.read_text()
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)
    with pytest.raises(EncodingError, match=says):
        open_family(str(folder)).encode(clip(), QUESTION, [answer])


@pytest.mark.parametrize(
    ("name", "between"),
    [("qwen2_5_vl", "assistant\n"), ("llava_onevision", "assistant\n"), ("video_llava", "ASSISTANT: ")],
)
def test_an_answer_stands_where_the_model_would_write_it(name: str, between: str) -> None:
    """The white space before an answer is the prompt's if the prompt ends in some, else the template's."""
    family = family_of(name)
    text = answered_text(family.processor, QUESTION, "It moves.")
    assert text.endswith(f"{between}It moves.{family.processor.tokenizer.eos_token}")
    assert text.startswith(family.prompt(QUESTION))


def test_positions_that_are_stretched_hold_more(changed: Path) -> None:
    """Positions scaled by 2 hold twice what they were made for."""
    config = json.loads((changed / "config.json").read_text())
    rope = {"rope_type": "linear", "rope_theta": 1e4, "factor": 2.0}
    text = {**config["text_config"], "max_position_embeddings": 40, "rope_parameters": rope}
    edit(changed / "config.json", text_config=text)
    family = open_family(str(changed))
    assert family.encode(clip(), QUESTION, ["It moves."]).prompt_length > 40


def test_cut_visual_tokens_are_refused(changed: Path) -> None:
    """A processor that writes fewer placeholders than the tower makes rows is refused with both numbers."""
    edit(changed / "processor_config.json", num_image_tokens=4)
    with pytest.raises(EncodingError, match="6 of 21 visual tokens"):
        open_family(str(changed)).encode(clip(), QUESTION, ANSWERS[:1])


def test_a_group_that_does_not_fit_is_refused(changed: Path) -> None:
    """Nothing is cut to fit the positions of the model: the message says how long it is and what helps."""
    config = json.loads((changed / "config.json").read_text())
    edit(changed / "config.json", text_config={**config["text_config"], "max_position_embeddings": 40})
    with pytest.raises(EncodingError, match=r"allows 40; try fewer frames"):
        open_family(str(changed)).encode(clip(), QUESTION, ANSWERS[:1])


def test_no_such_model() -> None:
    """A path that holds nothing is named."""
    with pytest.raises(ModelError, match="no model at '/nowhere/at/all'"):
        open_family("/nowhere/at/all")


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"model_type": "llama"}, "is a text model"),
        ({"model_type": "llava"}, "not a supported Video-LLM; supported are qwen2_5_vl"),
        ({"model_type": "qwen3_5"}, "linear attention"),
    ],
)
def test_other_architectures_are_refused(config: dict[str, str], says: str, tmp_path: Path) -> None:
    """A text model, another architecture and a hybrid of linear attention: one line that says which."""
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match=says) as caught:
        open_family(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_configuration_that_contradicts_itself(changed: Path) -> None:
    """Another number of layers than it describes is refused in one line."""
    config = json.loads((changed / "config.json").read_text())
    edit(changed / "config.json", text_config={**config["text_config"], "num_hidden_layers": 99})
    with pytest.raises(ModelError, match=r"config\.json contradicts itself") as caught:
        open_family(str(changed))
    assert "\n" not in str(caught.value)


def test_no_chat_template(changed: Path) -> None:
    """Without a chat template a question cannot be asked."""
    (changed / "chat_template.jinja").unlink()
    with pytest.raises(ModelError, match="no chat template"):
        open_family(str(changed))


def test_no_eos(changed: Path) -> None:
    """Without EOS no answer could end."""
    file = changed / "tokenizer_config.json"
    edit(file, eos_token=None)
    with pytest.raises(ModelError, match="no EOS"):
        open_family(str(changed))


def test_no_processor(changed: Path) -> None:
    """Weights without their processor are refused."""
    for file in ("processor_config.json", "tokenizer.json", "tokenizer_config.json"):
        (changed / file).unlink()
    with pytest.raises(ModelError, match="processor"):
        open_family(str(changed))


@pytest.mark.parametrize("prefix", ["<s>", "<s> "])
def test_a_model_reads_one_bos(prefix: str, tmp_path: Path) -> None:
    """If template and tokenizer would both add one, it is the template's, as in transformers' `apply_chat_template`.

    The prompt stays a prefix of prompt + answer, and the answer's tokens are as without the template's BOS. Runs of one
    token are compared as one token: that of the visual is repeated.
    """
    folder = write("llava_next_video", tmp_path)
    template = folder / "chat_template.jinja"
    plain = open_family(str(folder)).encode(clip(), QUESTION, ANSWERS)
    template.write_text(prefix + template.read_text())
    family = open_family(str(folder))
    group, bos = family.encode(clip(), QUESTION, ANSWERS), family.processor.tokenizer.bos_token_id
    ids = group.prompt_ids_P.tolist()
    held = [token for place, token in enumerate(ids) if token != ids[place - 1]]
    assert (group.prompt_ids_P == bos).sum() == (plain.prompt_ids_P == bos).sum() == 1
    text = family.processor.tokenizer(family.prompt(QUESTION), add_special_tokens=False)["input_ids"]
    assert held == [token for place, token in enumerate(text) if token != text[place - 1]]
    assert [ids.tolist() for ids in group.answer_ids] == [ids.tolist() for ids in plain.answer_ids]


def test_a_template_that_writes_bos_twice_is_refused(tmp_path: Path) -> None:
    """Nothing would tell a model that reads two apart from one that was trained so."""
    folder = write("llava_next_video", tmp_path)
    template = folder / "chat_template.jinja"
    template.write_text("<s><s>" + template.read_text())
    with pytest.raises(EncodingError, match="begins with 2 tokens '<s>'; it may have one"):
        open_family(str(folder)).encode(clip(), QUESTION, ANSWERS)


def test_identity_is_the_content(tmp_path: Path) -> None:
    """A copy with other times in another folder is the same model; one number changed in its weights is another one.

    The changed file has its size and its time of change, as a careless tool would leave them.
    """
    folder = write("internvl", tmp_path / "first")
    before = open_family(str(folder)).identity
    copied = Path(shutil.copytree(folder, tmp_path / "copied"))
    (copied / "README.md").write_text("notes")
    for file in copied.iterdir():
        os.utime(file, (0, 0))
    assert open_family(str(copied)).identity == before
    weights = copied / "model.safetensors"
    tensors = load_file(weights)
    next(iter(tensors.values())).view(-1)[0] += 1
    save_file(tensors, weights, {"format": "pt"})
    os.utime(weights, (0, 0))
    assert weights.stat().st_size == (folder / "model.safetensors").stat().st_size
    assert open_family(str(copied)).identity != before
