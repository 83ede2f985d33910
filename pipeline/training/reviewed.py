"""What people object to is not trained on: it is counted, and what is left is read again for what tells answers."""

from collections.abc import Sequence

from pipeline.audit.after_filter import told_again
from pipeline.audit.read import read_groups
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.taken_out import taken_out
from pipeline.storage.location import Location
from schemas.errors import DatasetError
from trainer.data.shards import OpenSet
from trainer.loop.progress import Say


def objected_to(opened: OpenSet, addresses: Sequence[str], say: Say) -> frozenset[str]:
    """The groups, with their twins, that the reviewers of some folders object to.

    Args:
        opened: the set to train on, or several read as one; a verdict counts for every pair with its id and texts.
        addresses: of the folders.
        say: told what is left out, and how well what is left can be guessed.

    Raises DatasetError if a folder holds no verdicts, or it or the set is damaged.
    """
    verdicts = []
    for address in addresses:
        of_folder = ReviewFolder(Location.parse(address)).all_verdicts()
        if not of_folder:
            raise DatasetError(f"--reviews {address} holds no verdicts; give the folder where vidpref view keeps them")
        verdicts += of_folder
    found = taken_out(opened, verdicts)
    say(found.words)
    left_out = frozenset(found.group_ids)
    if left_out:
        for line in told_again([group for group in read_groups(opened) if group.group_id not in left_out]):
            say(line)
    return left_out
