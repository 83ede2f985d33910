"""Question and answer become token ids by a chat template: the answer begins after the prompt and ends in EOS.

The prompt must be a prefix of prompt + answer, in text and in tokens; otherwise positions differ between the two, and a
score would not belong to what the model reads. A model reads one BOS, whether the template or the tokenizer writes it.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from schemas.errors import EncodingError


def prompt_text(processor: Any, question: str) -> str:
    """The template up to where the answer begins; the visual is one placeholder."""
    return str(processor.apply_chat_template(_turns(question), add_generation_prompt=True, tokenize=False))


def answered_text(processor: Any, question: str, answer: str) -> str:
    """Prompt, answer and EOS, and nothing after it.

    Templates differ after an answer: ChatML writes EOS and a newline, Vicuna's a space and no EOS. Before an answer
    some differ from their own prompt in white space (LLaVA-OneVision's): the prompt's white space is used.

    Raises:
        EncodingError: the template writes another prompt if there is an answer, or changes the answer.
    """
    eos, prompt = str(processor.tokenizer.eos_token), prompt_text(processor, question)
    turn = {"role": "assistant", "content": [{"type": "text", "text": answer}]}
    full = str(processor.apply_chat_template([*_turns(question), turn], tokenize=False))
    head = prompt.rstrip()
    if not full.startswith(head):
        raise EncodingError(
            f"the chat template's prompt {prompt[-40:]!r} is not a prefix of prompt + answer {full[-80:]!r}; "
            "try a template that writes the same words before an answer as it writes to ask for one"
        )
    written, _, _ = full[len(head) :].partition(eos)
    if written.strip() != answer.strip():
        raise EncodingError(f"the chat template turns the answer {answer!r} into {written!r}; it must keep its words")
    gap = written[: len(written) - len(written.lstrip())] if head == prompt else ""
    return prompt + gap + written.strip() + eos


def answer_ids(processor: Any, question: str, answer: str) -> list[int]:
    """Token ids of the answer; only the last is EOS.

    Raises:
        EncodingError: the answer is empty or holds a special token, or the prompt's tokens are not a prefix.
    """
    tokenizer = processor.tokenizer
    if not answer.strip():
        raise EncodingError("an answer is empty; give it some words")
    special = [added.content for added in tokenizer.added_tokens_decoder.values() if added.special]
    if held := [token for token in special if token in answer or token in question]:
        raise EncodingError(f"{question!r} / {answer!r} holds the special token {held[0]!r}; remove it")
    prompt, full = (
        tokenizer(text, add_special_tokens=needs_special_tokens(tokenizer, text))["input_ids"]
        for text in (prompt_text(processor, question), answered_text(processor, question, answer))
    )
    if leading_bos(tokenizer, prompt) > 1:
        raise EncodingError(
            f"the prompt begins with {leading_bos(tokenizer, prompt)} tokens {tokenizer.bos_token!r}; it may have one: "
            "remove the others from the chat template"
        )
    if full[: len(prompt)] != prompt:
        raise EncodingError(
            f"the prompt's tokens are not a prefix of prompt + {answer!r}: the tokenizer joins the prompt's last "
            "letters with the answer's first; try a chat template that ends its prompt in a special token or a newline"
        )
    ids = list(full[len(prompt) :])
    if tokenizer.eos_token_id not in ids or ids.index(tokenizer.eos_token_id) != len(ids) - 1:
        raise EncodingError(f"{answer!r} became {len(ids)} tokens that do not end in EOS {tokenizer.eos_token!r}")
    return ids


def needs_special_tokens(tokenizer: Any, text: str) -> bool:
    """Whether the tokenizer should add its special tokens: not if the template has written the BOS."""
    return not (tokenizer.bos_token and text.startswith(tokenizer.bos_token))


def leading_bos(tokenizer: Any, ids: Sequence[int]) -> int:
    """How many tokens of BOS stand before anything else."""
    return len(list(takewhile(lambda token: token == tokenizer.bos_token_id, ids)))


def _turns(question: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"type": "video"}, {"type": "text", "text": question}]}]
