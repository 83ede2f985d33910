"""An --out belongs to the recipe that made it."""

from pathlib import Path

import pytest

from pipeline.recipes.identity import Identity
from pipeline.storage.location import Location
from pipeline.work.ownership import claim_output, refuse_unwritable, release_output
from schemas.errors import OutputError


def identity(**settings: int) -> Identity:
    """A recipe with those settings of its step decode."""
    return Identity(recipe_name="fake", recipe={"decode": dict(settings)}, seed=7)


def test_the_recipe_that_made_an_output_may_use_it_again(tmp_path: Path) -> None:
    """A second claim changes nothing, to the byte."""
    out = Location.parse(str(tmp_path))
    claim_output(out, identity(frames=4))
    [record] = (tmp_path / ".work").iterdir()
    before = record.read_bytes()
    claim_output(out, identity(frames=4))
    assert record.read_bytes() == before


def test_another_recipe_is_refused_with_every_difference_up_to_six(tmp_path: Path) -> None:
    """Of eight settings that differ six are listed, and two are counted."""
    out = Location.parse(str(tmp_path))
    claim_output(out, identity(**{f"setting{n}": 0 for n in range(8)}))
    with pytest.raises(OutputError) as refused:
        claim_output(out, identity(**{f"setting{n}": 1 for n in range(8)}))
    assert sum(f"decode.setting{n}" in str(refused.value) for n in range(8)) == 6
    assert "and 2 more" in str(refused.value)


def test_a_released_output_is_free_for_another_recipe(tmp_path: Path) -> None:
    """Nothing was made by the first one."""
    out = Location.parse(str(tmp_path))
    claim_output(out, identity(frames=4))
    release_output(out)
    claim_output(out, identity(frames=8))
    with pytest.raises(OutputError, match="made by another recipe"):
        claim_output(out, identity(frames=4))


def test_a_damaged_record_is_refused(tmp_path: Path) -> None:
    """Whose output it is cannot be known, so nothing is written over it."""
    out = Location.parse(str(tmp_path))
    claim_output(out, identity(frames=4))
    [record] = (tmp_path / ".work").iterdir()
    record.write_text("{")
    with pytest.raises(OutputError, match="is damaged; delete the folder or choose another --out"):
        claim_output(out, identity(frames=4))


def test_an_output_that_can_be_written_is_left_clean(tmp_path: Path) -> None:
    """The probe is deleted; if a file stands in place of the folder, the line has the reason of the system."""
    refuse_unwritable(Location.parse(str(tmp_path / "ds")))
    assert list((tmp_path / "ds" / ".work").iterdir()) == []
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="cannot be written: "):
        refuse_unwritable(Location.parse(str(tmp_path / "file")))
