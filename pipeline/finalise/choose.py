"""Of each question one alternative: drawn at random, steered only against imbalances that chance would not make."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.finalise.absent_entities import elsewhere, presence
from pipeline.finalise.alternatives import Alternative
from pipeline.finalise.kept import Keeping
from pipeline.finalise.settings import BalanceConfig, SelectionConfig
from schemas.claim import Predicate
from schemas.drop import DropReason

_FEW = 6
"""Of a predicate with no more than so many times `rare_pairs` pairs every question is welcome."""

Slots = Mapping[str, Sequence[Alternative]]


def choose(slots: Slots, keeping: Keeping, config: SelectionConfig) -> None:
    """Take one alternative of each slot, whatever order the slots come in.

    Refuses: NO_ABSENT_ENTITY where no other video's true answer names what is absent; REPEATED_TEXT where every
    alternative asks what is asked of the clip already; OVER_MAX_GROUPS.
    """
    groups_of_clip: Counter[str] = Counter()
    asked: set[tuple[str, str, str]] = set()
    everything = [option for options in slots.values() for option in options]
    where = presence(everything, frozenset(name for option in everything for name in option.absent))
    limit = config.max_groups_per_clip
    for slot_id in _in_turn(slots, keeping, config):
        options = slots[slot_id]
        present = [option for option in options if elsewhere(option, where) >= 1]
        fresh = [option for option in present if not option.questions & asked]
        if not present:
            keeping.refuse(options[0], DropReason.NO_ABSENT_ENTITY, 0, 1, min(options[0].absent))
        elif not fresh:
            keeping.refuse(options[0], DropReason.REPEATED_TEXT, 2, 1)
        elif groups_of_clip[fresh[0].clip_id] >= limit:
            keeping.refuse(fresh[0], DropReason.OVER_MAX_GROUPS, limit + 1, limit)
        else:
            taken = _best(fresh, keeping, config.balance)
            groups_of_clip[taken.clip_id] += 1
            asked |= taken.questions
            keeping.take(taken)


def _in_turn(slots: Slots, keeping: Keeping, config: SelectionConfig) -> list[str]:
    """Slots at random, but those of predicates that the whole set has in few pairs first; then the first of each
    predicate about a clip before the second of any; two with absent things to one without.
    """
    shuffled = sorted(slots, key=lambda slot_id: keeping.lot("turn", slot_id))
    supply: Counter[tuple[str, Predicate]] = Counter()
    for options in slots.values():
        supply.update(options[0].pairs_by_role)
    few = _FEW * config.rare_pairs * config.scale(len({options[0].cluster for options in slots.values()}))
    seen: Counter[tuple[str, Predicate, bool]] = Counter()
    turns = {}
    for slot_id in shuffled:
        first = slots[slot_id][0]
        rare = min(supply[key] for key in first.pairs_by_role) <= few
        kind = (first.clip_id, first.predicate, first.names_absent)
        seen[kind] += 1
        turns[slot_id] = (not rare, (seen[kind] + 1) // 2 if first.names_absent else seen[kind])
    return sorted(shuffled, key=turns.__getitem__)


def _best(options: Sequence[Alternative], keeping: Keeping, config: BalanceConfig) -> Alternative:
    """The first by lot, unless another one makes less of an imbalance."""

    def worsens(option: Alternative) -> tuple[float, float]:
        change = keeping.tally.change(option.cluster, option.lean, config.steer_sigmas, 0.0)
        return round(change, 9), keeping.lot("choose", option.group_ids[0])

    return min(options, key=worsens)
