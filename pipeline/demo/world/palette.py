"""The colours of things; each is a clear case of its name."""

from schemas.colour import ColourName

PALETTE: dict[ColourName, tuple[int, int, int]] = {
    ColourName.RED: (214, 30, 34),
    ColourName.ORANGE: (246, 140, 20),
    ColourName.YELLOW: (245, 226, 40),
    ColourName.GREEN: (34, 168, 58),
    ColourName.CYAN: (30, 208, 216),
    ColourName.BLUE: (38, 72, 218),
    ColourName.PURPLE: (140, 48, 190),
    ColourName.PINK: (250, 120, 190),
}
"""RGB, 0..255, in full light."""
