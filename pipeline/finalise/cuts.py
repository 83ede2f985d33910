"""Drops kept questions until the rules on absent entities, proportions and balance hold for those that are left."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.finalise.absent_entities import elsewhere, presence, rarest_absent
from pipeline.finalise.alternatives import WRITTEN, Alternative, Role
from pipeline.finalise.borrowed_answers import is_true_elsewhere, lenders_of
from pipeline.finalise.imbalance import Imbalance
from pipeline.finalise.kept import KeptQuestions
from pipeline.finalise.proportions import pairs_allowed
from pipeline.finalise.settings import SelectionConfig
from schemas.claim import Axis
from schemas.drop import DropReason
from schemas.group import EDIT_THEMES

_TOO_FEW_ABSENT = "too few questions name something absent"
_TOO_MANY_PLANTED = "planted edits"
_TOO_MANY_WRITTEN = "questions of language models"
_CANDIDATES = 8
"""The next question to drop is the best of this many, drawn at random."""
_SPARE = 0.02
"""An axis that exceeds its least share by no more than this is left alone."""
_ENOUGH_VIDEOS = 30
"""From this many videos on, an imbalance is judged by its standard deviation as it is; below, more is allowed."""


@dataclass(frozen=True)
class _Limits:
    """What the set must keep to, for the number of videos that it has before anything is dropped."""

    config: SelectionConfig
    imbalance: Imbalance
    rare_pairs: float
    rare_videos: float

    @classmethod
    def of(cls, kept: KeptQuestions, config: SelectionConfig) -> "_Limits":
        scale, balance = config.scale(kept.videos), config.balance
        sigmas = balance.cut_sigmas * max(1.0, _ENOUGH_VIDEOS / max(1, kept.videos))
        imbalance = Imbalance(kept.tally, sigmas, balance.cut_slack)
        return cls(config, imbalance, scale * config.rare_pairs, scale * config.rare_videos)

    def spare(self, kept: KeptQuestions, option: Alternative) -> bool:
        """Whether an alternative must stay, since one of its themes, or what is as hard, would be rare without it."""
        scarce = kept.is_scarce(kept.quarter(option), self.config.min_quarter_share, without=1)
        return scarce or kept.would_be_rare(option, self.rare_pairs, self.rare_videos)


def drop_to_balance(kept: KeptQuestions, config: SelectionConfig) -> None:
    """Drop questions in rounds, since each rule may break another, until nothing is dropped any more.

    Drops: NO_ABSENT_ENTITY, OVER_REPRESENTED.
    """
    limits = _Limits.of(kept, config)
    _settle(kept, limits)
    _drop_without_absent(kept, limits)
    _drop_common_axes(kept, limits)
    _settle(kept, limits, spared=next(iter(kept.axes()), None))


def _settle(kept: KeptQuestions, limits: _Limits, spared: Axis | None = None) -> None:
    """Apply the five rules that undo each other; no question of the axis `spared` is dropped to reduce imbalances."""
    before = None
    while before != len(kept):
        before = len(kept)
        _drop_unmatched(kept)
        _drop_planted(kept, limits)
        _drop_written(kept, limits)
        _drop_common_themes(kept, limits)
        _drop_leaning(kept, limits, spared)


def _drop_unmatched(kept: KeptQuestions) -> None:
    """Drop what names something absent, or borrows a false answer, that no other video has in a true one any more."""
    where, lenders = presence(kept.options), lenders_of(kept.options)
    for option in list(kept.options):
        if elsewhere(option, where) < 1:
            kept.drop(option, DropReason.NO_ABSENT_ENTITY, 0, 1, rarest_absent(option, where))
        elif not is_true_elsewhere(option, lenders):
            kept.drop(option, DropReason.NOT_TRUE_ELSEWHERE, 0, 1)


def _drop_planted(kept: KeptQuestions, limits: _Limits) -> None:
    """Drop questions about planted edits, each with its siblings, until they are no larger a share than they may be:
    of the commonest kind of edit each time, so that the kinds that few clips show are kept.
    """
    share = limits.config.max_planted_share
    planted = kept.planted_pairs
    if share is None or planted <= share * kept.pair_count:
        return
    options = [option for option in kept.options if option.planted]
    pairs: Counter[str] = Counter()
    for option in options:
        pairs[option.theme] += option.pair_count
    drawn = {
        theme: _drop_order(kept, limits.imbalance, [option for option in options if option.theme == theme])
        for theme in pairs
    }
    while planted > share * kept.pair_count:
        commonest = max(pairs, key=lambda theme: (pairs[theme], theme))
        option = next(drawn[commonest])
        kept.drop(option, DropReason.OVER_REPRESENTED, planted / kept.pair_count, share, _TOO_MANY_PLANTED)
        planted -= option.pair_count
        pairs[commonest] -= option.pair_count


def _drop_written(kept: KeptQuestions, limits: _Limits) -> None:
    """Drop questions of language models, with their twins, until they are no larger a share than they may be."""
    share = limits.config.max_written_share
    written = kept.written_pairs
    if share is None or written <= share * kept.pair_count:
        return
    drawn = _drop_order(kept, limits.imbalance, [option for option in kept.options if option.written])
    while written > share * kept.pair_count:
        option = next(drawn)
        kept.drop(option, DropReason.OVER_REPRESENTED, written / kept.pair_count, share, _TOO_MANY_WRITTEN)
        written -= option.pair_count


def _drop_common_themes(kept: KeptQuestions, limits: _Limits) -> None:
    """Drop questions about themes that are in too many pairs; planted edits and models have shares of their own."""
    config = limits.config
    themes = [key for key in kept.role_themes() if key[1] not in {*EDIT_THEMES, WRITTEN}]
    counts = [kept.pairs_of(*key) for key in themes if key[0] is Role.CHOSEN]
    allowed = pairs_allowed(counts, config.max_predicate_share, config.max_predicate_loss)
    limit = max(allowed, config.predicate_free_pairs)
    for role, theme in themes:
        with_theme = (option for option in kept.options if (role, theme) in option.pairs_by_role)
        drawn = _drop_order(kept, limits.imbalance, with_theme)
        while (count := kept.pairs_of(role, theme)) > limit:
            kept.drop(next(drawn), DropReason.OVER_REPRESENTED, count, limit, theme)


def _drop_common_axes(kept: KeptQuestions, limits: _Limits) -> None:
    """Drop questions of the commonest axis, one after the other, until the rarest axis has its share.

    What models wrote stays: what they were asked for is what is wanted. Nothing is dropped if that would take more than
    `max_axis_loss` of the pairs.
    """
    config, axes = limits.config, kept.axes()
    rarest = kept.pairs_of_axis(axes[0]) if axes else 0
    wanted = rarest / config.min_axis_share if config.min_axis_share else kept.pair_count
    allowed = max(wanted, config.axis_free_pairs)
    if allowed < (1 - config.max_axis_loss) * kept.pair_count:
        return
    proven = [option for option in kept.options if not option.written]
    drawn = {axis: _drop_order(kept, limits.imbalance, [o for o in proven if o.axis is axis]) for axis in axes}
    while kept.pair_count > allowed:
        commonest = kept.axes()[-1]
        option = next((option for option in drawn[commonest] if not limits.spare(kept, option)), None)
        if option is None:
            return
        share = kept.share_of_axis(commonest)
        kept.drop(option, DropReason.OVER_REPRESENTED, share, 1 - 2 * config.min_axis_share, commonest)


def _drop_without_absent(kept: KeptQuestions, limits: _Limits) -> None:
    """Drop questions that name no absent thing, of the commonest theme each time, until the others have their share.

    Questions about planted edits, and about stretches that are shown alone, are no part of this: each of their texts is
    true as often as false, and no thing has to be named that is absent. Those of an axis with hardly more than its own
    least share stay. Nothing is dropped if that would take more than `max_absent_loss` of the questions.
    """
    config, named = limits.config, kept.with_absent
    allowed = named / config.min_absent_share if config.min_absent_share else kept.of_the_scene
    if allowed < (1 - config.max_absent_loss) * kept.of_the_scene:
        return
    free: dict[str, list[Alternative]] = {}
    for option in kept.in_random_order(kept.options):
        if not (option.names_absent or option.planted or option.written or option.alone):
            free.setdefault(option.theme, []).append(option)
    while kept.of_the_scene > allowed and (themes := [theme for theme in sorted(free) if free[theme]]):
        commonest = max(themes, key=lambda theme: (kept.pairs_of(Role.CHOSEN, theme), theme))
        option = free[commonest].pop()
        needed = kept.pairs_of_axis(option.axis) < (config.min_axis_share + _SPARE) * kept.pair_count
        if not needed and not limits.spare(kept, option):
            share = named / kept.of_the_scene
            kept.drop(option, DropReason.OVER_REPRESENTED, share, config.min_absent_share, _TOO_FEW_ABSENT)


def _drop_order(kept: KeptQuestions, imbalance: Imbalance, options: Iterable[Alternative]) -> Iterator[Alternative]:
    """The order in which to drop: of a few drawn at random, first the one whose loss reduces the imbalance most; the
    only questions of their videos come last.
    """
    waiting = iter(sorted(kept.in_random_order(options), key=kept.is_last_of_video))
    drawn = list(islice(waiting, _CANDIDATES))
    while drawn:
        option = min(drawn, key=lambda option: (kept.is_last_of_video(option), imbalance.after_loss(option)))
        drawn.remove(option)
        drawn += islice(waiting, 1)
        yield option


def _drop_leaning(kept: KeptQuestions, limits: _Limits, spared: Axis | None) -> None:
    """Drop questions as long as that brings imbalances nearer to their limits.

    Those that name absent things come last if the set has too few of them; before them the only ones of their videos.
    """
    imbalance = limits.imbalance
    leaning = imbalance.leaning()
    holders = (o for o in kept.options if o.axis is not spared and not leaning.isdisjoint(o.lean))
    scarce = kept.with_absent < limits.config.min_absent_share * kept.of_the_scene
    in_turn = sorted(kept.in_random_order(holders), key=kept.is_last_of_video)
    waiting = iter(sorted(in_turn, key=lambda option: scarce and option.names_absent))
    drawn = list(islice(waiting, _CANDIDATES))
    while drawn:
        drawn = [option for option in drawn if imbalance.mends(option) and not limits.spare(kept, option)]
        refill = 1 if drawn else _CANDIDATES
        if drawn:
            best = min(
                drawn,
                key=lambda option: (
                    scarce and option.names_absent,
                    kept.is_last_of_video(option),
                    imbalance.after_loss(option),
                ),
            )
            drawn.remove(best)
            # of the features that it worsens, the drop names the one that exceeds its limit most
            feature = max(imbalance.worsened_by(best), key=lambda f: (imbalance.excess(f), f))
            measured, limit = abs(kept.tally.lean(feature)), imbalance.limit(feature)
            kept.drop(best, DropReason.OVER_REPRESENTED, measured, limit, feature)
        drawn += islice(waiting, refill)
