"""The data set card with what the last audit found: `audit.json` becomes a section of it."""

from pipeline.audit.kept import kept_audit
from pipeline.audit.scores import SHUFFLED
from pipeline.dataset.card import data_card, markdown_template
from pipeline.dataset.finished_set import FinishedSet


def card_with_audit(opened: FinishedSet) -> str:
    """The card, in Markdown; without the section if the set was not audited as it is.

    Raises DatasetError if the shards cannot be read.
    """
    report = kept_audit(opened)
    if report is None:
        return data_card(opened)
    template = markdown_template("pipeline.audit", "card_section.md.jinja")
    return data_card(opened, template.render(audit=report, shuffled=SHUFFLED))
