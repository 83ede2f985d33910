"""All units of a run become the finished set: shards, the account, the card, and dataset.json last."""

from collections.abc import Collection, Iterator, Mapping

from pipeline.dataset.account import Tallies
from pipeline.dataset.card import data_card
from pipeline.dataset.finished_set import ROUND_TABLES, TABLES, FinishedSet
from pipeline.dataset.round_tables import write_round_tables
from pipeline.dataset.row_writer import RowWriter
from pipeline.finalise.finalise import finalise
from pipeline.finalise.other_videos import borrowed
from pipeline.finalise.other_words import OtherWords
from pipeline.finalise.result import Finalised
from pipeline.finalise.sampled import finalise_samples
from pipeline.finalise.settings import FinaliseConfig
from pipeline.finalise.swapped_clips import with_swapped_clips
from pipeline.inputs.contents import Contents
from pipeline.storage.location import Location
from pipeline.work.folder import WorkFolder
from pipeline.work.units import Units
from schemas.arrow import from_table
from schemas.clip import UnitClip
from schemas.dataset import DatasetManifest, ModelUse, ShardEntry
from schemas.group import CandidateGroup
from schemas.unit import UnitOffer
from schemas.version import SCHEMA_VERSION
from schemas.video import VideoRef
from stages.claims.proof import ProofConfig


def write_set(
    work: WorkFolder,
    contents: Contents,
    ignored_files: int,
    config: FinaliseConfig,
    *,
    proof: ProofConfig,
    models: tuple[ModelUse, ...],
) -> DatasetManifest:
    """Select over the whole set and write it in place of an earlier one.

    Args:
        work: the committed units.
        contents: the videos that the set is made of.
        ignored_files: how many files were not taken as videos, for the account.
        config: what the set may consist of.
        proof: how claims about other videos, and of words from other videos, are proven.
        models: which model plays which role.

    Raises pydantic's ValidationError if the account does not add up: then no dataset.json is written.
    """
    identity, tallies, units = work.identity, Tallies(), work.units
    names = {video.content_sha256: video.unit_name for video in contents.videos}
    offers = _counted_offers(contents, units, tallies)
    finalised = _selected(offers, units, names, config, proof, identity.seed)
    (work.out / "dataset.json").delete()
    with work.scratch() as scratch:
        writer = RowWriter(work.out, scratch, work.units, tallies)
        shards = writer.write(contents, finalised)
        if config.self_sampled:
            shards += write_round_tables(work.out, scratch, work.units, contents, finalised)
    _delete_surplus(work.out, shards)
    manifest = DatasetManifest(
        schema_version=SCHEMA_VERSION,
        recipe_name=identity.recipe_name,
        recipe=identity.recipe,
        fingerprint=identity.fingerprint,
        seed=identity.seed,
        account=tallies.account(ignored_files),
        models=models,
        prompt_hashes=identity.prompt_hashes,
        shards=tuple(sorted(shards, key=lambda shard: shard.path)),
    )
    (work.out / "README.md").write_bytes(data_card(FinishedSet(work.out, manifest)).encode())
    (work.out / "dataset.json").write_bytes(manifest.model_dump_json(indent=1).encode())
    return manifest


def _selected(
    offers: Iterator[tuple[VideoRef, UnitOffer]],
    units: Units,
    names: Mapping[str, str],
    config: FinaliseConfig,
    proof: ProofConfig,
    seed: int,
) -> Finalised:
    """The selection over the whole set; `names`: of the units, by content hash."""

    def groups(sha: str, ids: Collection[str]) -> list[CandidateGroup]:
        return units.groups(names[sha], ids)

    if config.self_sampled:
        return finalise_samples(offers, groups, config, seed)
    written = OtherWords(lambda sha: units.lent(names[sha]), proof, seed)
    finalised = finalise(offers, groups, config, seed, written)
    if config.borrow_videos:
        finalised = borrowed(finalised, lambda sha: units.lent(names[sha]), proof.margins, seed)
    return with_swapped_clips(finalised, lambda sha: from_table(UnitClip, units.clips(names[sha])), proof, seed)


def _counted_offers(contents: Contents, units: Units, tallies: Tallies) -> Iterator[tuple[VideoRef, UnitOffer]]:
    for video in contents.videos:
        offer = units.offer(video.unit_name)
        tallies.count_offer(offer)
        yield video.ref, offer


def _delete_surplus(out: Location, shards: list[ShardEntry]) -> None:
    """Delete the shards of an earlier, larger set."""
    written = {(out / shard.path).path for shard in shards}
    for table in (*TABLES, *ROUND_TABLES):
        for entry in (out / table).entries():
            if entry.path not in written:
                Location(out.filesystem, entry.path).delete()
