"""Question and answer become token ids by a chat template: the answer begins after the prompt and ends in EOS.

The prompt must be a prefix of prompt + answer, in text and in tokens; otherwise positions differ between the two, and a
score would not belong to what the model reads. A model reads one BOS, whether the template or the tokenizer writes it.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from schemas.errors import EncodingError


def prompt_text(processor: Any, question: str) -> str:
    """The template up to where the answer begins; the visual is one placeholder."""
    return _asked(processor, [question], shows=True)


def dialogue_text(processor: Any, said: Sequence[str], *, shows: bool) -> str:
    """The template of a dialogue up to where the next answer begins.

    Args:
        processor: with the template.
        said: a question, its answer, the next question, and so on; the last one is a question.
        shows: whether a visual stands before the first question.

    Raises:
        EncodingError: something said holds a special token.
    """
    _refuse_special(processor.tokenizer, *said)
    return _asked(processor, said, shows=shows)


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
    return _answer_tokens(processor, question, answer)[0]


def touched(processor: Any, question: str, answer: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    """For each token of `answer_ids` whether it holds a character of these stretches of the answer, [start, end).

    EncodingError if the tokenizer does not tell which characters its tokens hold.
    """
    ids, places = _answer_tokens(processor, question, answer)
    if places is None:
        raise EncodingError(
            "the model's tokenizer does not tell which characters its tokens hold, which loss.form=spans needs; "
            "copy tokenizer.json of the base model beside the weights, or use another loss.form"
        )
    return [any(start < b and a < end for a, b in spans) for (start, end), _ in zip(places, ids, strict=True)]


def _answer_tokens(processor: Any, question: str, answer: str) -> tuple[list[int], list[tuple[int, int]] | None]:
    """Ids of the answer's tokens, and the characters of the answer that each holds, if the tokenizer tells."""
    tokenizer = processor.tokenizer
    if not answer.strip():
        raise EncodingError("an answer is empty; give it some words")
    _refuse_special(tokenizer, question, answer)
    whole = answered_text(processor, question, answer)
    tokenised = _tokenised(tokenizer, whole)
    prompt, full = _tokenised(tokenizer, prompt_text(processor, question))["input_ids"], tokenised["input_ids"]
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
    if "offset_mapping" not in tokenised:
        return ids, None
    # the answer stands before EOS, without the white space around it
    begins = len(whole) - len(str(tokenizer.eos_token)) - len(answer.strip())
    shift = len(answer) - len(answer.lstrip()) - begins
    return ids, [(start + shift, end + shift) for start, end in tokenised["offset_mapping"][len(prompt) :]]


def _tokenised(tokenizer: Any, text: str) -> Mapping[str, Any]:
    tokenised: Mapping[str, Any] = tokenizer(
        text,
        add_special_tokens=needs_special_tokens(tokenizer, text),
        return_offsets_mapping=bool(getattr(tokenizer, "is_fast", False)),
    )
    return tokenised


def needs_special_tokens(tokenizer: Any, text: str) -> bool:
    """Whether the tokenizer should add its special tokens: not if the template has written the BOS."""
    return not (tokenizer.bos_token and text.startswith(tokenizer.bos_token))


def leading_bos(tokenizer: Any, ids: Sequence[int]) -> int:
    """How many tokens of BOS stand before anything else."""
    return len(list(takewhile(lambda token: token == tokenizer.bos_token_id, ids)))


def _refuse_special(tokenizer: Any, *texts: str) -> None:
    """Raise EncodingError for a text that a tokenizer would not read as text alone."""
    special = [added.content for added in tokenizer.added_tokens_decoder.values() if added.special]
    if held := [token for token in special if any(token in text for text in texts)]:
        raise EncodingError(f"{' / '.join(map(repr, texts))} holds the special token {held[0]!r}; remove it")


def _asked(processor: Any, said: Sequence[str], *, shows: bool) -> str:
    turns = _turns(*said, shows=shows)
    return str(processor.apply_chat_template(turns, add_generation_prompt=True, tokenize=False))


def _turns(*said: str, shows: bool = True) -> list[dict[str, Any]]:
    """User and assistant in turn; the visual is one placeholder before the first text."""
    turns: list[dict[str, Any]] = [
        {"role": "assistant" if place % 2 else "user", "content": [{"type": "text", "text": text}]}
        for place, text in enumerate(said)
    ]
    if shows:
        turns[0]["content"].insert(0, {"type": "video"})
    return turns
