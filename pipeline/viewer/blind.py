"""Judging blind: all answers in an order that tells nothing, and how often people pick the true one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.viewer.clip_shelf import ClipShelf
from pipeline.viewer.group_page import visual_page
from pipeline.viewer.marked import marked
from schemas.hash_order import hash_order
from schemas.human_verdict import HumanVerdict
from schemas.pair import Pair


def options_of(pairs: Sequence[Pair]) -> list[str]:
    """The answers of a group, each once, in an order that depends on their texts and the group alone."""
    texts = {pairs[0].chosen, *(pair.rejected for pair in pairs)}
    return sorted(texts, key=lambda text: hash_order(pairs[0].group_id, text))


def blind_page(pairs: Sequence[Pair], shelf: ClipShelf) -> dict[str, Any]:
    """What is shown of a group before a person has picked an answer: the clip, the question and the answers."""
    first = pairs[0]
    clip, shown = shelf.clip(first.clip_id), shelf.shown(first.clip_id, first.shown)
    page = visual_page(first, clip, shown)
    return {
        **page,
        "clip": page["clip"] | {"shown": ""},  # which edits are planted may be what is asked
        "blind": True,
        "group_id": first.group_id,
        "question": marked(first.question, ()),
        "options": [marked(text, ()) for text in options_of(pairs)],
        "facts": {"axis": first.axis.value, "type": first.question_type.value, "file": clip.uri},
    }


def blind_score(
    verdicts: Mapping[str, HumanVerdict], group_of: Callable[[str], str | None], options: Callable[[str], int]
) -> dict[str, Any]:
    """How many groups were picked blind, in how many the pick was right, and in how many chance would be.

    Args:
        verdicts: what a reviewer says, by pair id.
        group_of: the group of a pair; None if the set has no such pair.
        options: the number of answers of a group.
    """
    picked: dict[str, bool] = {}
    for pair_id, verdict in verdicts.items():
        group_id = group_of(pair_id)
        if verdict.picked_chosen is not None and group_id is not None:
            picked[group_id] = picked.get(group_id, True) and verdict.picked_chosen
    chance = sum(1 / options(group_id) for group_id in picked)
    return {"picked": len(picked), "right": sum(picked.values()), "by_chance": round(chance, 1)}
