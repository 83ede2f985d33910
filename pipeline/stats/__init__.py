"""Statistics that several commands share."""
