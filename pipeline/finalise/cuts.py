"""Questions are dropped until absences, proportions and balance hold of what is left."""

from collections.abc import Iterable, Iterator
from itertools import islice

from pipeline.finalise.absent_entities import elsewhere, presence
from pipeline.finalise.alternatives import Alternative
from pipeline.finalise.kept import CHOSEN, Keeping
from pipeline.finalise.proportions import pairs_allowed
from pipeline.finalise.settings import SelectionConfig
from schemas.claim import Axis, Predicate
from schemas.drop import DropReason

_HAND = 8
"""From so many groups, drawn at random, the one to drop is picked."""
_SPARE = 0.02
"""An axis that has no more than so much beyond its least share is left alone."""
_TELLING_VIDEOS = 30
"""From so many videos on a lean can be told from chance by its standard deviation."""


class Cutting:
    """Cuts what is kept, in rounds: each cut may undo what another one reached."""

    def __init__(self, keeping: Keeping, config: SelectionConfig) -> None:
        self._keeping = keeping
        self._config = config
        videos = len({option.cluster for option in keeping.kept.values()})
        share = config.scale(videos)
        self._rare_pairs, self._rare_videos = share * config.rare_pairs, share * config.rare_videos
        # the fewer the videos, the less their leans say
        self._sigmas = config.balance.cut_sigmas * max(1.0, _TELLING_VIDEOS / max(1, videos))

    def cut(self) -> None:
        """Cut until nothing is dropped any more. Refuses: NO_ABSENT_ENTITY, OVER_REPRESENTED."""
        self._settle()
        self._cut_absent_free()
        self._cut_axes()
        axes = self._keeping.axes
        self._settle(
            spared=min((axis for axis in axes if axes[axis]), key=lambda axis: (axes[axis], axis), default=None)
        )

    def _settle(self, spared: Axis | None = None) -> None:
        """Cut in rounds; no group of the axis `spared` goes for the sake of balance."""
        before = None
        while before != len(self._keeping.kept):
            before = len(self._keeping.kept)
            self._cut_absences()
            self._cut_predicates()
            self._cut_features(spared)

    def _cut_absences(self) -> None:
        """Drop what names an absent thing that no true answer about another video names any more."""
        kept = self._keeping.kept
        where = presence(kept.values(), frozenset(name for option in kept.values() for name in option.absent))
        for option in list(kept.values()):
            if elsewhere(option, where) < 1:
                missing = min(option.absent, key=lambda name: (len(where[name].keys() - {option.cluster}), name))
                self._keeping.drop(option, DropReason.NO_ABSENT_ENTITY, 0, 1, missing)

    def _cut_predicates(self) -> None:
        """Drop groups of predicates that are in too many pairs."""
        counts = [count for (role, _), count in self._keeping.pairs.items() if role == CHOSEN]
        allowed = pairs_allowed(counts, self._config.max_predicate_share, self._config.max_predicate_loss)
        limit = max(allowed, self._config.predicate_free_pairs)
        for key in sorted(self._keeping.pairs):
            drawn = self._drawn(option for option in self._keeping.kept.values() if key in option.pairs_by_role)
            while (count := self._keeping.pairs[key]) > limit:
                self._keeping.drop(next(drawn), DropReason.OVER_REPRESENTED, count, limit, key[1])

    def _cut_axes(self) -> None:
        """Drop groups of the commonest axis, one after the other, until the rarest has its share."""
        keeping, config = self._keeping, self._config
        rarest = min((count for count in keeping.axes.values() if count), default=0)
        wanted = rarest / config.min_axis_share if config.min_axis_share else keeping.pair_count
        allowed = max(wanted, config.axis_free_pairs)
        if allowed < (1 - config.max_axis_loss) * keeping.pair_count:
            return
        drawn = {axis: self._drawn([o for o in keeping.kept.values() if o.axis is axis]) for axis in keeping.axes}
        while keeping.pair_count > allowed:
            common = max(keeping.axes, key=lambda axis: (keeping.axes[axis], axis))
            option = next((option for option in drawn[common] if not self._is_rare(option)), None)
            if option is None:
                return
            share = keeping.axes[common] / keeping.pair_count
            keeping.drop(option, DropReason.OVER_REPRESENTED, share, 1 - 2 * config.min_axis_share, common)

    def _cut_absent_free(self) -> None:
        """Drop groups that name no absent thing, of the commonest predicate each time, until the others have their
        share; those of an axis with hardly more than its own share stay.
        """
        keeping, config = self._keeping, self._config
        named = keeping.with_absent
        allowed = named / config.min_absent_share if config.min_absent_share else len(keeping.kept)
        if allowed < (1 - config.max_absent_loss) * len(keeping.kept):
            return
        free: dict[Predicate, list[Alternative]] = {}
        for option in self._keeping.by_lot(keeping.kept.values()):
            if not option.names_absent:
                free.setdefault(option.predicate, []).append(option)
        while len(keeping.kept) > allowed and (open_to_cut := [p for p in sorted(free) if free[p]]):
            common = max(open_to_cut, key=lambda p: (keeping.pairs[CHOSEN, p], p))
            option = free[common].pop()
            spared = keeping.axes[option.axis] < (config.min_axis_share + _SPARE) * keeping.pair_count
            if not spared and not self._is_rare(option):
                share = named / len(keeping.kept)
                keeping.drop(option, DropReason.OVER_REPRESENTED, share, config.min_absent_share, "absent")

    def _drawn(self, options: Iterable[Alternative]) -> Iterator[Alternative]:
        """In the order in which to drop: by lot, but of each few drawn the one first whose loss mends most."""
        waiting = iter(self._keeping.by_lot(options))
        hand = list(islice(waiting, _HAND))
        while hand:
            option = min(hand, key=self._loss)
            hand.remove(option)
            hand += islice(waiting, 1)
            yield option

    def _cut_features(self, spared: Axis | None) -> None:
        """Drop groups as long as that brings the set's imbalances nearer to their limits; those that name absent things
        last, where the set has too few of them.
        """
        leaning = {feature for feature in self._keeping.tally.features() if self._excess(feature) > 0}
        kept = (option for option in self._keeping.kept.values() if option.axis is not spared)
        holders = (option for option in kept if not leaning.isdisjoint(option.lean))
        scarce = self._keeping.with_absent < self._config.min_absent_share * len(self._keeping.kept)
        waiting = iter(sorted(self._keeping.by_lot(holders), key=lambda option: scarce and option.names_absent))
        while hand := list(islice(waiting, _HAND)):
            while hand:
                hand = [option for option in hand if self._mends(option) and not self._is_rare(option)]
                if hand:
                    worst = min(hand, key=lambda option: (scarce and option.names_absent, self._loss(option)))
                    hand.remove(worst)
                    self._drop_leaning(worst)
                    hand += islice(waiting, 1)

    def _drop_leaning(self, option: Alternative) -> None:
        """Drop a group, and say which of the features by which it adds to the imbalance leans furthest."""
        tally, config = self._keeping.tally, self._config.balance
        feature = max(self._adds_to(option), key=lambda f: (self._excess(f), f))
        limit = max(self._sigmas * tally.sigma(feature), config.cut_slack)
        self._keeping.drop(option, DropReason.OVER_REPRESENTED, abs(tally.lean(feature)), limit, feature)

    def _mends(self, option: Alternative) -> bool:
        """Whether dropping it brings imbalances nearer to their limits, and it adds to one of them: a group that leans
        the other way may mend too, where its loss widens what chance explains.
        """
        return bool(self._adds_to(option)) and self._loss(option) < 0

    def _adds_to(self, option: Alternative) -> list[str]:
        """The features beyond their limits that lean further because of a group."""
        tally = self._keeping.tally
        return [f for f, lean in option.lean.items() if lean * tally.lean(f) > 0 and self._excess(f) > 0]

    def _is_rare(self, option: Alternative) -> bool:
        """Whether dropping it would leave too few pairs, or videos, of a predicate."""
        return self._keeping.is_rare(option, self._rare_pairs, self._rare_videos)

    def _excess(self, feature: str) -> float:
        config = self._config.balance
        return self._keeping.tally.excess(feature, self._sigmas, config.cut_slack)

    def _loss(self, option: Alternative) -> float:
        """What dropping a group adds to the imbalances beyond their limits; negative: it mends."""
        config = self._config.balance
        change = self._keeping.tally.change(option.cluster, option.lean, self._sigmas, config.cut_slack, sign=-1)
        return round(change, 9)
