"""What language models use, as tables."""

import io
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.endpoint.needs import Estimate
from pipeline.endpoint.usage import Amount, RoleUsage, Usage
from pipeline.endpoint.usage_table import estimate_table, kept_usage, usage_table
from pipeline.storage.location import Location
from stages.models.chat import ModelRole

EXPECTED = Estimate(
    roles={
        ModelRole.WRITER: Amount(calls=10, prompt_tokens=1000, reply_tokens=50, money=1.0),
        ModelRole.BLIND_JUDGE: Amount(calls=2_000, prompt_tokens=7, reply_tokens=3, money=0.5),
    }
)
USED = Usage(
    roles={
        ModelRole.WRITER: RoleUsage(
            spent=Amount(calls=9, prompt_tokens=800, reply_tokens=40, money=0.8),
            from_cache=3,
            repairs=1,
            frame_bytes=400,
            repeated_frame_bytes=300,
            cached_prompt_tokens=400,
        )
    }
)


def text_of(table: Table) -> str:
    """As a wide terminal shows it, with single spaces."""
    console = Console(file=io.StringIO(), width=200)
    console.print(table)
    shown = console.file
    assert isinstance(shown, io.StringIO)
    return "\n".join(" ".join(line.split()) for line in shown.getvalue().splitlines())


def test_an_estimate_has_a_row_for_each_role_and_a_sum() -> None:
    """10 + 2,000 calls for 1.50."""
    shown = text_of(estimate_table(EXPECTED))
    assert "blind judge 2,000 7 3 0.50" in shown
    assert "together 2,010 1,007 53 1.50" in shown


def test_what_was_used_stands_beside_what_was_expected() -> None:
    """With what is not zero of the rest: 300 of 400 bytes of frames were sent again, 400 of 800 tokens were cached."""
    shown = text_of(usage_table(EXPECTED, USED))
    assert "writer 10 / 9 1,000 / 800 50 / 40 1.00 / 0.80 3 from the cache" in shown
    assert "1 repair turns" in shown
    assert "75% frames again" in shown
    assert "50% cached prefix" in shown
    assert "failed" not in shown


def test_large_numbers_are_rounded() -> None:
    """A table of a large build fits a terminal."""
    amount = Amount(calls=9_999, prompt_tokens=12_345_678, reply_tokens=10_400)
    assert "writer 9,999 12.3M 10k" in text_of(estimate_table(Estimate(roles={ModelRole.WRITER: amount})))


def test_without_an_estimate_what_was_expected_is_open() -> None:
    """A set whose work folder lost the file is shown all the same."""
    assert "writer ? / 9" in text_of(usage_table(None, USED))


def test_the_files_of_a_work_folder_are_read(tmp_path: Path) -> None:
    """Nothing is shown of a set that asked no model."""
    used, expected = (Location.parse(str(tmp_path / name)) for name in ("usage.json", "estimate.json"))
    assert kept_usage(used, expected) is None
    used.write_bytes(USED.model_dump_json().encode())
    expected.write_bytes(EXPECTED.model_dump_json().encode())
    table = kept_usage(used, expected)
    assert table is not None
    assert "writer 10 / 9" in text_of(table)
