"""What `vidpref audit` is asked for."""

from dataclasses import dataclass

from schemas.errors import UserError


@dataclass(frozen=True)
class AuditOptions:
    """The arguments and options of the command. UserError if they contradict each other."""

    dataset: str
    other: str | None = None
    """Another set to compare it with."""
    as_json: bool = False
    strict: bool = False
    """Whether a set that does not pass is an error."""
    card: bool = False
    """Whether the report also goes into the set's README.md."""
    reviews: str | None = None
    """A folder of human verdicts: what people object to is left out first. The report is then not that of the set, so
    neither README.md nor audit.json may get it."""
    format: str | None = None
    """The format of a file or folder that is no finished set: a source of `vidpref import`."""
    benchmarks: tuple[str, ...] = ()
    """Lists of ids, manifests and folders of videos that should have nothing in common with the set."""

    def __post_init__(self) -> None:
        if self.card and self.reviews is not None:
            raise UserError("--card and --reviews cannot be combined: the card is about the whole set")
        if self.other is not None and (self.card or self.strict or self.reviews is not None):
            raise UserError("--card, --strict and --reviews are about one set; audit the two one after the other")
