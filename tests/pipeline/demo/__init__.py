"""The rendered world: its truth is worked out by hand here."""
