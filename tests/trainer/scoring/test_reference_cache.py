"""The reference cache: what comes back, what is refused, what a kill leaves. Axes: K answer, T token, D hidden size."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from torch import nn

from schemas.errors import OutputError, RecipeError
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import Scores
from trainer.atomic_file import sweep_partial
from trainer.scoring.reference_cache import IDENTITY_FILE, ReferenceCache, ReferenceIdentity, refuse_changed_head

pytestmark = pytest.mark.slow(20)

LENGTHS = (3, 5, 2)
IDENTITY = ReferenceIdentity(family="qwen2_5_vl", checkpoint="a" * 64, transformers="5.23.0", dtype="bfloat16")


def encoded(pixel: float = 0.0, question: int = 1, answers: tuple[int, ...] = LENGTHS) -> EncodedGroup:
    ids = tuple(torch.arange(length) + 10 * k for k, length in enumerate(answers))
    return EncodedGroup(torch.tensor([question, 2]), ids, {"pixel_values_videos": torch.full((2, 3), pixel)})


def made(dtype: torch.dtype = torch.float32, lengths: tuple[int, ...] = LENGTHS) -> Scores:
    """Scores as `score` gives them, with hidden states in half precision."""
    rng = torch.Generator().manual_seed(0)
    mask_KT = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]
    logprobs_KT = torch.where(mask_KT, -torch.rand(mask_KT.shape, generator=rng, dtype=torch.float64), 0.0)
    hidden_KTD = torch.where(mask_KT[..., None], torch.randn((*mask_KT.shape, 4), generator=rng), 0.0)
    return Scores(logprobs_KT.to(dtype), mask_KT, hidden_KTD.bfloat16())


def forbidden() -> Scores:
    raise AssertionError("the reference was scored again")


def kept(
    cache: ReferenceCache, group: EncodedGroup, make: Callable[[], Scores], hidden_of: Sequence[int] = ()
) -> Scores:
    """The entry as a training gets it: read, or else made."""
    return cache.get(group, hidden_of) or cache.put(group, make(), hidden_of)


@pytest.fixture
def cache(tmp_path: Path) -> ReferenceCache:
    return ReferenceCache.open(tmp_path / "reference", IDENTITY)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_what_comes_back_is_what_was_made(cache: ReferenceCache, dtype: torch.dtype) -> None:
    """Log-probabilities, mask and the hidden states asked for are equal to the bit, at first and from the disk."""
    wanted = made(dtype)
    first = kept(cache, encoded(), lambda: wanted, hidden_of=(0, 2))
    again = kept(ReferenceCache.open(cache.folder, IDENTITY), encoded(), forbidden, hidden_of=(0, 2))
    for found in (first, again):
        assert torch.equal(found.logprobs_KT, wanted.logprobs_KT)
        assert torch.equal(found.mask_KT, wanted.mask_KT)
        assert found.hidden_KTD is not None
        assert wanted.hidden_KTD is not None
        assert torch.equal(found.hidden_KTD[[0, 2]], wanted.hidden_KTD[[0, 2]])


def test_log_probabilities_are_float32_at_least(cache: ReferenceCache) -> None:
    """Scores in half precision are kept in float32."""
    assert kept(cache, encoded(), lambda: made(torch.bfloat16)).logprobs_KT.dtype is torch.float32


def test_hidden_states_that_were_not_kept_cannot_pass_for_some(cache: ReferenceCache) -> None:
    """The hidden states of an answer that were not asked for are NaN, not zeros."""
    found = kept(cache, encoded(), made, hidden_of=(0,))
    assert found.hidden_KTD is not None
    assert found.hidden_KTD[1, : LENGTHS[1]].isnan().all()
    assert kept(cache, encoded(), forbidden).hidden_KTD is None


def test_an_entry_without_the_hidden_states_is_made_again(cache: ReferenceCache) -> None:
    """A first training without L_t does not stand in the way of one with it."""
    kept(cache, encoded(), made)
    assert cache.get(encoded(), hidden_of=(1,)) is None
    kept(cache, encoded(), made, hidden_of=(1,))
    assert cache.get(encoded(), hidden_of=(1,)) is not None


@pytest.mark.parametrize(
    "other",
    [encoded(pixel=0.5), encoded(question=7), encoded(answers=(3, 5)), encoded(answers=(3, 5, 4))],
    ids=["frames", "prompt", "fewer answers", "longer answer"],
)
def test_another_group_is_another_entry(cache: ReferenceCache, other: EncodedGroup) -> None:
    """Frames, prompt and answers are part of the name."""
    kept(cache, encoded(), made)
    assert cache.get(other) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"family": "qwen3_vl"}, "family 'qwen2_5_vl', now 'qwen3_vl'"),
        ({"checkpoint": "b" * 64}, f"checkpoint '{'a' * 64}', now '{'b' * 64}'"),
        ({"transformers": "5.24.0"}, "transformers '5.23.0', now '5.24.0'"),
        ({"dtype": "float32"}, "dtype 'bfloat16', now 'float32'"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_stale_cache_is_refused_with_the_difference(
    cache: ReferenceCache, change: dict[str, str], named: str
) -> None:
    """A cache that another reference filled is neither read nor added to, and one line says what differs."""
    with pytest.raises(OutputError) as refused:
        ReferenceCache.open(cache.folder, IDENTITY.model_copy(update=change))
    assert named in str(refused.value)
    assert str(refused.value).count("now") == 1
    assert f"delete {cache.folder}" in str(refused.value)


def test_an_entry_in_the_place_of_another_is_refused(cache: ReferenceCache) -> None:
    """An entry under the name of another group is not read: its name is part of what is checked."""
    kept(cache, encoded(), made)
    other = cache.path(encoded(question=7))
    other.parent.mkdir(exist_ok=True)
    cache.path(encoded()).rename(other)
    with pytest.raises(OutputError, match=r"is damaged \(its name or its content has changed\); delete it"):
        cache.get(encoded(question=7))


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize(
    "damage", [flipped, lambda content: content[:-3], lambda _: b"", lambda _: b"no entry"], ids=range(4)
)
def test_a_damaged_entry_is_refused(cache: ReferenceCache, damage: Callable[[bytes], bytes]) -> None:
    """One flipped bit or a missing end is an error, not another number."""
    kept(cache, encoded(), made, hidden_of=(0,))
    file = cache.path(encoded())
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(OutputError, match=r"is damaged .*; delete it and run again"):
        cache.get(encoded())


def test_a_damaged_identity_is_refused(cache: ReferenceCache) -> None:
    """A cache that cannot tell whose it is is not used."""
    (cache.folder / IDENTITY_FILE).write_text("{}")
    with pytest.raises(OutputError, match="holds no ReferenceIdentity"):
        ReferenceCache.open(cache.folder, IDENTITY)


def test_scores_of_other_answers_are_not_kept(cache: ReferenceCache) -> None:
    """An answer that lost a token on the way is a bug that shows."""
    with pytest.raises(ValueError, match=r"\[3, 5, 1\] scored tokens of answers of \(3, 5, 2\)"):
        cache.put(encoded(), made(lengths=(3, 5, 1)))


def test_hidden_states_that_were_not_made_are_not_kept(cache: ReferenceCache) -> None:
    """Asking for states and giving none is a bug that shows."""
    with pytest.raises(ValueError, match=r"hidden states of answers \[0\] are needed, but none were made"):
        cache.put(encoded(), replace(made(), hidden_KTD=None), hidden_of=(0,))


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.trainer.scoring.test_reference_cache import IDENTITY, encoded, made
from trainer.scoring.reference_cache import ReferenceCache
cache = ReferenceCache.open(Path(sys.argv[1]), IDENTITY)
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
cache.put(encoded(), made())
"""


def test_a_kill_before_the_rename_leaves_no_entry(tmp_path: Path) -> None:
    """What was written by then lies under a name of its own, is never read, and can be swept."""
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    done = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": "."})
    assert done.returncode == -signal.SIGKILL
    cache = ReferenceCache.open(tmp_path, IDENTITY)
    assert cache.get(encoded()) is None
    [partial] = (path for path in tmp_path.rglob("*") if path.is_file() and path.name != IDENTITY_FILE)
    sweep_partial(tmp_path)
    assert not partial.exists()
    kept(cache, encoded(), made)
    assert cache.get(encoded()) is not None


def test_a_disk_that_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    """A folder that cannot be made is the user's to mend."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="Not a directory; free some space or give another --out"):
        ReferenceCache.open(tmp_path / "file" / "reference", IDENTITY)


class _Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.proj, self.lm_head = nn.Linear(4, 4), nn.Linear(4, 9)
        self.requires_grad_(requires_grad=False)


@pytest.mark.parametrize(
    ("adapter", "fits"),
    [
        (LoraConfig(target_modules=["proj"]), True),
        (LoraConfig(target_modules=["proj", "lm_head"]), False),
        (LoraConfig(target_modules=["proj"], modules_to_save=["lm_head"]), False),
    ],
    ids=["elsewhere", "on the head", "a trained copy of the head"],
)
def test_an_adapter_on_the_head_is_refused(adapter: LoraConfig, fits: bool) -> None:
    """Hidden states of the reference go through lm_head: an adapter there is refused, one elsewhere is not."""
    model = get_peft_model(_Model(), adapter)
    if fits:
        refuse_changed_head(model)
    else:
        with pytest.raises(RecipeError, match=r"lm_head carries an adapter.*try --set loss\.vista\.tokens=0"):
            refuse_changed_head(model)


def test_a_trained_head_is_refused() -> None:
    """Full fine-tuning that moves lm_head cannot use hidden states of the reference."""
    model = _Model()
    refuse_changed_head(model)
    model.lm_head.weight.requires_grad_()
    with pytest.raises(RecipeError, match="lm_head is trained"):
        refuse_changed_head(model)
