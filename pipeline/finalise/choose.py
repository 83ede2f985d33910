"""Picks one alternative per question: at random, unless that would increase an imbalance beyond chance."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.finalise.absent_entities import elsewhere, presence
from pipeline.finalise.alternatives import Alternative, RoleTheme
from pipeline.finalise.borrowed_answers import is_true_elsewhere, lenders_of
from pipeline.finalise.imbalance import Imbalance
from pipeline.finalise.kept import KeptQuestions
from pipeline.finalise.settings import SelectionConfig
from schemas.drop import DropReason
from schemas.shown import Shown

_FEW = 6
"""Questions about a theme with at most this many times `rare_pairs` pairs come first."""

Slots = Mapping[str, Sequence[Alternative]]
"""For each slot its alternatives, at least one."""


def choose(slots: Slots, kept: KeptQuestions, config: SelectionConfig) -> None:
    """Take one alternative of each slot; the order of `slots` does not matter.

    Refuses a slot for NO_ABSENT_ENTITY if every alternative names an absent entity that no true answer about another
    video names; for NOT_TRUE_ELSEWHERE if every alternative has a borrowed answer that is true of no other video; for
    REPEATED_TEXT if every other alternative asks what is asked of the clip already; for
    OVER_MAX_GROUPS if the clip has `max_groups_per_clip` questions already.
    """
    groups_of_clip: Counter[str] = Counter()
    asked: set[tuple[str, Shown, str]] = set()
    everything = [option for options in slots.values() for option in options]
    where, lenders = presence(everything), lenders_of(everything)
    imbalance = Imbalance(kept.tally, config.balance.steer_sigmas, 0.0)
    limit = config.max_groups_per_clip

    def rank(option: Alternative) -> tuple[float, bool, float]:
        """The least imbalance; of several with the same, one as hard as few others are; else drawn at random."""
        scarce = kept.is_scarce(kept.quarter(option), config.min_quarter_share)
        return imbalance.after_gain(option), not scarce, kept.draw("choose", option.group_ids[0])

    for slot_id in _in_turn(slots, kept, config):
        options = slots[slot_id]
        present = [option for option in options if elsewhere(option, where) >= 1]
        borrowed = [option for option in present if is_true_elsewhere(option, lenders)]
        fresh = [option for option in borrowed if not option.questions & asked]
        if not present:
            kept.refuse(options[0], DropReason.NO_ABSENT_ENTITY, 0, 1, min(options[0].absent))
        elif not borrowed:
            kept.refuse(options[0], DropReason.NOT_TRUE_ELSEWHERE, 0, 1)
        elif not fresh:
            kept.refuse(options[0], DropReason.REPEATED_TEXT, 2, 1)
        elif groups_of_clip[fresh[0].clip_id] >= limit:
            kept.refuse(fresh[0], DropReason.OVER_MAX_GROUPS, limit + 1, limit)
        else:
            first = [option for option in fresh if not option.second_choice] or fresh
            taken = min(first, key=rank)
            groups_of_clip[taken.clip_id] += 1
            asked |= taken.questions
            kept.take(taken)


def _in_turn(slots: Slots, kept: KeptQuestions, config: SelectionConfig) -> list[str]:
    """The slots in the order in which they choose.

    First those about a theme that the whole set has in few pairs. Then, for each clip, the first question about each
    theme before the second about any; two questions that name absent things count as one. Otherwise at random.
    """
    shuffled = sorted(slots, key=lambda slot_id: kept.draw("turn", slot_id))
    supply: Counter[RoleTheme] = Counter()
    for options in slots.values():
        supply.update(options[0].pairs_by_role)
    few = _FEW * config.rare_pairs * config.scale(len({options[0].content_sha256 for options in slots.values()}))
    seen: Counter[tuple[str, str, bool]] = Counter()
    turns = {}
    for slot_id in shuffled:
        first = slots[slot_id][0]
        rare = min(supply[key] for key in first.pairs_by_role) <= few
        kind = (first.clip_id, first.theme, first.names_absent)
        seen[kind] += 1
        turns[slot_id] = (not rare, (seen[kind] + 1) // 2 if first.names_absent else seen[kind])
    return sorted(shuffled, key=turns.__getitem__)
