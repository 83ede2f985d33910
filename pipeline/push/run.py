"""`vidpref push`: a finished set becomes a data set repository of the Hugging Face hub, in one commit."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rich.console import Console

from pipeline.audit.card import card_with_audit
from pipeline.dataset.finished_set import TABLES, FinishedSet
from pipeline.verification.files import file_failures
from schemas.counted import counted
from schemas.errors import DatasetError, OutputError, UserError
from schemas.problems import one_line

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

INSTALL_HUB = "pip install -e '.[hub]'"
"""The command that installs the client of the hub."""


@dataclass(frozen=True)
class PushOptions:
    """What `vidpref push` is asked for."""

    dataset: str
    repo: str
    """NAME, or OWNER/NAME."""
    public: bool = False
    """Whether a repository that is made for it can be read by everyone; one that exists stays as it is."""


def run_push(console: Console, options: PushOptions) -> None:
    """Upload shards, account, audit and card; what an earlier push left of other shards is deleted.

    Raw replies of models, and what people say of pairs, stay here. Raises UserError if the client is not installed,
    the set is none, damaged or not on a disk of this machine, or the hub refuses it.
    """
    if find_spec("huggingface_hub") is None:
        raise UserError(f"this command needs huggingface_hub; try: {INSTALL_HUB}")
    from huggingface_hub import HfApi  # noqa: PLC0415 an extra, and slow to import
    from huggingface_hub.errors import (  # type: ignore[attr-defined]  # noqa: PLC0415 as above
        HFValidationError,
        HTTPError,
    )

    opened = FinishedSet.open(options.dataset)
    if not opened.location.is_local:
        raise DatasetError(f"{options.dataset} is in an object store; copy it to a disk, and push it from there")
    if failure := next(file_failures(opened), None):
        raise DatasetError(f"{options.dataset} is damaged: {failure}; see vidpref verify")
    try:
        url = _pushed(HfApi(), opened, options)
    except HFValidationError as error:
        raise UserError(f"--repo {options.repo} cannot name a repository: {one_line(error)}") from error
    except (HTTPError, OSError, RuntimeError) as error:  # the client has a RuntimeError for a file that was not taken
        hint = "log in (hf auth login, or HF_TOKEN) with a token that may write, and check the network"
        raise OutputError(
            f"--repo {options.repo} cannot be written: {one_line(error.__cause__ or error)}; {hint}"
        ) from error
    rows = opened.rows()
    for line in (
        f"{counted(rows['pairs'], 'pair')} and the frames of {counted(rows['clips'], 'clip')} are at {url}",
        "before you share them: the column licence of pairs says what each video's licence is",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _pushed(api: "HfApi", opened: FinishedSet, options: PushOptions) -> str:
    """Make the repository if there is none, and commit everything. Returns its address."""
    repo = api.create_repo(options.repo, repo_type="dataset", private=not options.public, exist_ok=True)
    there = api.list_repo_files(repo.repo_id, repo_type="dataset")
    operations: list[CommitOperationAdd | CommitOperationDelete] = [*_added(opened), *_deleted(opened, there)]
    message = f"{opened.manifest.recipe_name}, fingerprint {opened.manifest.fingerprint[:12]}"
    api.create_commit(repo.repo_id, operations, commit_message=message, repo_type="dataset")
    return str(repo)


def _added(opened: FinishedSet) -> Iterator["CommitOperationAdd"]:
    from huggingface_hub import CommitOperationAdd  # noqa: PLC0415 an extra, and slow to import

    yield CommitOperationAdd("README.md", card_with_audit(opened).encode())
    for name in (*(shard.path for shard in opened.manifest.shards), "dataset.json", "audit.json"):
        place = opened.location / name
        if place.is_file():  # a set need not have been audited
            yield CommitOperationAdd(name, place.path)


def _deleted(opened: FinishedSet, there: list[str]) -> Iterator["CommitOperationDelete"]:
    """Shards of an earlier, larger set, which readers would take for a part of this one."""
    from huggingface_hub import CommitOperationDelete  # noqa: PLC0415 an extra, and slow to import

    kept = {shard.path for shard in opened.manifest.shards}
    for name in there:
        if name.partition("/")[0] in TABLES and name not in kept:
            yield CommitOperationDelete(name)
