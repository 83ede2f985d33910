"""Renders an audit report as a section of the data set card."""

from pipeline.audit.report import AuditReport
from pipeline.dataset.card import markdown_template


def audit_section(report: AuditReport) -> str:
    """The section, in Markdown."""
    return markdown_template("pipeline.audit", "card_section.md.jinja").render(audit=report)
