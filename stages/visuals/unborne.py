"""The error of an edit that cannot be shown."""


class UnborneEditError(ValueError):
    """The stored frames do not bear an edit out: they lack what it shows, or cannot be read."""
