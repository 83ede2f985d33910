"""Numbers of things in messages."""


def counted(number: int, noun: str) -> str:
    """The number with its noun: "1 video", "2 videos"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
