"""One opened set as the pages see it: lists of groups, group pages, drops, pictures, and what its reviewer says."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Review
from pipeline.viewer.blind import blind_page, blind_score, options_of
from pipeline.viewer.clip_shelf import ClipShelf
from pipeline.viewer.drop_table import DropTable
from pipeline.viewer.facets import Facet
from pipeline.viewer.group_page import Json, group_page, human_json
from pipeline.viewer.marked import beginning
from pipeline.viewer.pair_table import SORTS, Found, GroupQuery, PairTable
from pipeline.viewer.raw_replies import RawReplies
from pipeline.viewer.recent import Recent
from pipeline.viewer.sample import sampled_rows
from pipeline.work.folder import replies_folder
from schemas.errors import UserError
from schemas.human_verdict import HumanVerdict, texts_hash
from schemas.pair import Pair

_LISTED_TEXT = 240
"""Characters of a text that a list shows at most."""
_KEPT_GROUPS = 64
"""Groups whose pairs are kept: each of their frames is a request of its own."""
_LISTED_VALUES = 40
"""Values of a facet that a list offers at most; those that are chosen are always offered."""
UNJUDGED, UNSAID = "not judged", "nothing said"
_JUDGED = (UNJUDGED, "right", "doubtful", "wrong")
_WORTH = (UNSAID, "worth it", "not worth it")
VERDICT_FACETS = ("verdict", "worth")


@dataclass(frozen=True)
class Sampling:
    """Which pairs are drawn for review."""

    count: int
    seed: int = 0


class ViewerSession:
    """What the viewer shows of a set. DatasetError if it cannot be read."""

    def __init__(
        self, opened: FinishedSet, folder: ReviewFolder, reviewer: str, sampling: Sampling | None = None
    ) -> None:
        self.opened = opened
        self.table = PairTable(opened)
        self.shelf = ClipShelf(opened)
        self.review = Review(folder, reviewer)
        self.sampling = sampling
        self._rows = None if sampling is None else sampled_rows(self.table, sampling.count, sampling.seed)
        self._replies = RawReplies(replies_folder(opened.location))
        self._pairs = Recent[list[Pair]](_KEPT_GROUPS)

    @cached_property
    def drops(self) -> DropTable:
        """The drops, read when they are first asked for."""
        return DropTable(self.opened)

    def set_facts(self) -> Json:
        """What every page shows of the set."""
        manifest = self.opened.manifest
        return {
            "name": str(self.opened.location).rstrip("/").rpartition("/")[2],
            "version": hashlib.sha256(manifest.model_dump_json().encode()).hexdigest()[:16],
            "address": str(self.opened.location),
            "recipe": manifest.recipe_name,
            "rows": self.opened.rows(),
            "groups": len(self.table.group_ids),
            "account": manifest.account.model_dump(mode="json"),
            "sorts": SORTS,
            "reviewer": self.review.reviewer,
            "reviews": str(self.review.folder.location),
            "sample": None if self.sampling is None else len(self.sampled),
        }

    @property
    def sampled(self) -> Sequence[int]:
        """The rows that are looked at: those of the sample, or all."""
        return range(self.table.rows) if self._rows is None else [int(row) for row in self._rows]

    def find(self, query: GroupQuery) -> Found:
        """The groups of a query, within the sample if there is one."""
        more = self._verdict_facets()
        if self._rows is not None:
            codes = np.zeros(self.table.rows, dtype=np.int32)
            codes[self._rows] = 1
            more["sample"] = Facet(("out", "in"), codes)
            query = GroupQuery({**query.wanted, "sample": frozenset(("in",))}, query.text, query.sort, query.descending)
        return self.table.find(query, more)

    def list_page(self, query: GroupQuery, start: int, count: int) -> Json:
        """Some groups of a query, with the number of each value of each facet."""
        found = self.find(query)
        numbers = [int(number) for number in found.groups[start : start + count]]
        return {
            "groups": len(found.groups),
            "pairs": found.pairs,
            "facets": {
                name: self._offered(name, values, query.wanted.get(name, frozenset()))
                for name, values in found.facets.items()
                if name != "sample"
            },
            "rows": self._listed(numbers),
            "reviewed": self.progress(),
        }

    def group(self, group_id: str, query: GroupQuery, *, blind: bool) -> Json:
        """The page of a group, with its place in a query; without labels if it is judged blind and not judged yet."""
        pairs = self.pairs_of(group_id)
        said = self.verdicts_of(pairs)
        is_open = any(said[pair.pair_id].picked_chosen is not None for pair in pairs if pair.pair_id in said)
        page = (
            blind_page(pairs, self.shelf)
            if blind and not is_open
            else group_page(pairs, self.shelf, said)
            | {"twin_of": pairs[0].twin_of, "twins": self.table.twins[group_id]}
        )
        return page | {"place": self._place(group_id, query), "reviewed": self.progress()}

    def pairs_of(self, group_id: str) -> list[Pair]:
        """The pairs of a group that are looked at. UserError if there is no such group."""
        return self._pairs.get(group_id, lambda: self.table.pairs(self._rows_of(group_id)))

    def _rows_of(self, group_id: str) -> list[int]:
        rows = self.table.rows_of(group_id)
        sampled = rows if self._rows is None else [row for row in rows if row in self._rows]
        return sampled or rows

    def pair(self, pair_id: str) -> Pair:
        """A pair by its id. UserError if there is no such pair."""
        if pair_id not in self.table.row_of_pair:
            raise UserError(f"the set has no pair {pair_id}")
        [pair] = self.table.pairs([self.table.row_of_pair[pair_id]])
        return pair

    def verdicts_of(self, pairs: Sequence[Pair]) -> dict[str, HumanVerdict]:
        """What the reviewer says of these pairs, by pair id."""
        said = ((pair.pair_id, self.review.of(pair.pair_id, hash_of(pair))) for pair in pairs)
        return {pair_id: verdict for pair_id, verdict in said if verdict is not None}

    def undo(self) -> Json:
        """Take the last change back; says which group it was about."""
        pair_id = self.review.undo()
        if pair_id is None:
            raise UserError("there is nothing to undo: nothing was said since the viewer was started")
        return {"pair_id": pair_id, "group_id": self.pair(pair_id).group_id, "reviewed": self.progress()}

    def pick(self, group_id: str, number: int) -> Json:
        """Keep which answer a person took for the true one before the labels were shown."""
        pairs = self.pairs_of(group_id)
        options = options_of(pairs)
        if not 0 <= number < len(options):
            raise UserError(f"group {group_id} has no answer {number}; it has {len(options)}")
        picked = options[number]
        for pair in pairs:
            if picked in (pair.chosen, pair.rejected):
                self.review.say(pair.pair_id, hash_of(pair), {"picked_chosen": picked == pair.chosen})
        return {"right": picked == pairs[0].chosen, "reviewed": self.progress()}

    def replies(self, group_id: str) -> list[dict[str, str]]:
        """Raw replies that hold the question or an answer of a group."""
        pairs = self.pairs_of(group_id)
        texts = [pairs[0].question, pairs[0].chosen, *(pair.rejected for pair in pairs)]
        return self._replies.holding(list(dict.fromkeys(texts)))

    def video(self, video_id: str) -> Json:
        """What became of one video: its clips, its groups, and what was left out. UserError if nothing is known."""
        rows = np.flatnonzero(self.table.is_of_video(video_id))
        numbers = [int(number) for number in np.unique(self.table.group_R[rows])]
        dropped = self.drops.of_video(video_id)
        if not numbers and not dropped:
            raise UserError(f"the set has no video {video_id}")
        clip_ids = sorted(set(self.table.clip_ids([int(row) for row in rows])))
        uris = {self.shelf.uris[clip_id] for clip_id in clip_ids if clip_id in self.shelf.uris}
        uris |= {drop["uri"] for drop in dropped if drop["uri"]}
        return {
            "video_id": video_id,
            "uris": sorted(uris),
            "clips": clip_ids,
            "groups": self._listed(numbers),
            "pairs": len(rows),
            "drops": dropped,
        }

    def _options(self, group_id: str) -> int:
        """The number of answers of a group that are looked at."""
        return len(self._rows_of(group_id)) + 1

    def progress(self) -> Json:
        """How many of the pairs that are looked at are judged, and how the blind picks went."""
        codes = self._verdict_facets()["verdict"].codes_R[np.array(self.sampled, dtype=np.int64)]
        numbers = np.bincount(codes, minlength=len(_JUDGED))
        return {
            "of": len(codes),
            **{name: int(number) for name, number in zip(_JUDGED[1:], numbers[1:], strict=True)},
            "blind": blind_score(self.review.verdicts, self.table.group_of_pair, self._options),
            "can_undo": self.review.can_undo,
        }

    def grounds(self, pair_ids: Sequence[str]) -> dict[str, str]:
        """What the labels of pairs rest on, by pair id."""
        rows = [self.table.row_of_pair[pair_id] for pair_id in pair_ids]
        return dict(zip(pair_ids, self.table.names("grounds", rows), strict=True))

    def of_this_set(self, verdicts: Sequence[HumanVerdict]) -> list[HumanVerdict]:
        """Those of some verdicts that are about pairs as they are in the set."""
        known = [one for one in verdicts if one.pair_id in self.table.row_of_pair]
        hashes = self.table.hashes([one.pair_id for one in known])
        return [one for one, found in zip(known, hashes, strict=True) if one.texts_sha256 == found]

    def _verdict_facets(self) -> dict[str, Facet]:
        verdict, worth = (np.zeros(self.table.rows, dtype=np.int32) for _ in range(2))
        for one in self.of_this_set(list(self.review.verdicts.values())):
            row = self.table.row_of_pair[one.pair_id]
            verdict[row] = 0 if one.judgement is None else _JUDGED.index(one.judgement.value)
            worth[row] = {None: 0, True: 1, False: 2}[one.is_worth]
        return {"verdict": Facet(_JUDGED, verdict), "worth": Facet(_WORTH, worth)}

    def _offered(self, name: str, values: Mapping[str, int], wanted: frozenset[str]) -> list[Json]:
        listed = list(values.items())
        kept = listed[:_LISTED_VALUES] + [entry for entry in listed[_LISTED_VALUES:] if entry[0] in wanted]
        kept += [(value, 0) for value in sorted(wanted - values.keys())]
        return [{"value": value, "label": self._label(name, value), "count": count} for value, count in kept]

    def _label(self, facet: str, value: str) -> str:
        if facet != "clip":
            return value.replace("_", " ")
        return self.shelf.uris.get(value, value).rpartition("/")[2]

    def _listed(self, numbers: Sequence[int]) -> list[Json]:
        rows = [int(self.table.first_G[number]) for number in numbers]
        texts = self.table.values(
            ("group_id", "twin_of", "video_id", "question", "chosen", "rejected", "difficulty"), rows
        )
        named = {name: self.table.names(name, rows) for name in ("axis", "type", "grounds", "shown", "model", "clip")}
        verdicts = self._verdict_facets()["verdict"]
        found = []
        for place, (number, values) in enumerate(zip(numbers, texts, strict=True)):
            of_group = np.flatnonzero(self.table.group_R == number)
            found.append(
                {name: beginning(v, _LISTED_TEXT) if isinstance(v, str) else v for name, v in values.items()}
                | {"group_id": values["group_id"], "video_id": values["video_id"]}
                | {name: entries[place] for name, entries in named.items()}
                | {
                    "file": self._label("clip", named["clip"][place]),
                    "pairs": len(of_group),
                    "verdicts": [verdicts.values[code] for code in verdicts.codes_R[of_group] if code],
                }
            )
        return found

    def _place(self, group_id: str, query: GroupQuery) -> Json:
        """Where a group stands in a query, and the groups beside it; it need not be found by the query itself."""
        found, number = self.find(query).groups, self.table.number(group_id)
        ranks = self.table.ranks(query)
        at = int(np.searchsorted(ranks[found], ranks[number]))
        after = at + 1 if at < len(found) and found[at] == number else at
        return {
            "position": at + 1,
            "total": len(found),
            "previous": self.table.group_ids[found[at - 1]] if at > 0 else None,
            "next": self.table.group_ids[found[after]] if after < len(found) else None,
        }

    def said(self, pair: Pair) -> Json | None:
        """What the reviewer says of a pair."""
        return human_json(self.review.of(pair.pair_id, hash_of(pair)))


def hash_of(pair: Pair) -> str:
    """The hash by which verdicts know the texts of a pair."""
    return texts_hash(pair.question, pair.chosen, pair.rejected)
