"""Which of the frames that are shown somebody sees who looks at fewer of them."""

SEEN_COUNTS = (32, 16, 8)
"""An edit must be visible to whoever looks at this many frames, evenly chosen."""


def evenly(shown: int, wanted: int) -> tuple[int, ...]:
    """Places of `wanted` of `shown` frames: the middle of each of `wanted` equal parts; all if fewer are shown."""
    if wanted >= shown:
        return tuple(range(shown))
    return tuple((2 * i + 1) * shown // (2 * wanted) for i in range(wanted))


def counts(shown: int) -> tuple[int, ...]:
    """The numbers of frames that somebody may look at of a clip with `shown` frames, each once."""
    return tuple(dict.fromkeys(min(shown, count) for count in SEEN_COUNTS))
