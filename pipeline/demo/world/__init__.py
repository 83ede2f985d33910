"""Describes rendered clips as worlds, and draws their frames."""
