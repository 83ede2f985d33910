"""What is left out of a set since people object to it: a question with all its pairs, and its twins along with it."""

from collections.abc import Iterable, Sequence

from schemas.counted import counted
from schemas.human_verdict import HumanVerdict, texts_hash
from schemas.record import Record
from trainer.data.shards import OpenSet

_COLUMNS = ("pair_id", "group_id", "twin_of", "question", "chosen", "rejected")


class TakenOut(Record):
    """The groups that are left out, and why there are so many."""

    group_ids: tuple[str, ...]
    """All of them, sorted."""
    pairs_objected_to: int
    """Pairs that someone calls wrong, doubtful or not worth training on."""
    groups_objected_to: int
    """Groups of these pairs."""
    twins_along: int
    """Groups that are left out only because a twin is: without it the texts would tell which answer is right."""
    pairs: int
    """Pairs of all these groups."""
    stale: int
    """Verdicts about pairs that are not in the set, or not with these texts; they count for nothing."""

    @property
    def words(self) -> str:
        """The numbers in a sentence."""
        stale = f"; {counted(self.stale, 'verdict')} on other texts did not count" if self.stale else ""
        along = counted(self.twins_along, "twin")
        return (
            f"{counted(self.pairs, 'pair')} left out: people object to {counted(self.pairs_objected_to, 'pair')} of "
            f"{counted(self.groups_objected_to, 'question')}, which takes {along} along{stale}"
        )


def taken_out(opened: OpenSet, verdicts: Sequence[HumanVerdict]) -> TakenOut:
    """What is left out of a set, or of several that are read as one. DatasetError if it is damaged."""
    parts = (opened.read(group, _COLUMNS) for group in opened.row_groups("pairs"))
    rows = (row for part in parts for row in zip(*(part.column(name).to_pylist() for name in _COLUMNS), strict=True))
    return of_rows(rows, verdicts)


def of_rows(rows: Iterable[tuple[str, str, str | None, str, str, str]], verdicts: Sequence[HumanVerdict]) -> TakenOut:
    """What is left out of these pairs: id, group, the group whose twin it is, question, chosen and rejected of each."""
    said: dict[str, list[int]] = {}
    for number, verdict in enumerate(verdicts):
        said.setdefault(verdict.pair_id, []).append(number)
    members: dict[str, dict[str, int]] = {}
    objected: dict[str, set[str]] = {}
    objections, fresh = 0, set[int]()
    for pair_id, group_id, twin_of, *texts in rows:
        base = twin_of or group_id
        of_base = members.setdefault(base, {})
        of_base[group_id] = of_base.get(group_id, 0) + 1
        known = [n for n in said.get(pair_id, ()) if verdicts[n].texts_sha256 == texts_hash(*texts)]
        fresh.update(known)
        if any(verdicts[number].objects for number in known):
            objections += 1
            objected.setdefault(base, set()).add(group_id)
    gone = {group_id: count for base in objected for group_id, count in members[base].items()}
    groups = sum(map(len, objected.values()))
    return TakenOut(
        group_ids=tuple(sorted(gone)),
        pairs_objected_to=objections,
        groups_objected_to=groups,
        twins_along=len(gone) - groups,
        pairs=sum(gone.values()),
        stale=len(verdicts) - len(fresh),
    )
