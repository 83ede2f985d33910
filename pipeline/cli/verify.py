"""`vidpref verify`."""

from rich.console import Console

from pipeline.cli.options import DatasetArgument, JsonOption


def verify(dataset: DatasetArgument, as_json: JsonOption = False) -> None:
    """Check a data set again: files, clips, proofs and counts.

    Every claim is proven again from the stored clips. Prints one line per failure, and exits with 2 if there is any.
    """
    from pipeline.verification.run import VerifyOptions, run_verify  # noqa: PLC0415 keeps `vidpref --help` quick

    run_verify(Console(), VerifyOptions(dataset, as_json=as_json))
