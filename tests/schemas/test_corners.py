"""Areas and overlaps of boxes."""

from schemas.corners import area, contained, overlap, shared_area


def test_overlaps_of_boxes() -> None:
    """Halves that share a quarter of the frame: 1/4 of 3/4; a quarter within a half lies in it wholly; neighbours share
    nothing.
    """
    left, middle = (0.0, 0.0, 0.5, 1.0), (0.25, 0.0, 0.75, 1.0)
    assert (area(left), shared_area(left, middle), shared_area(left, (0.5, 0.0, 1.0, 1.0))) == (0.5, 0.25, 0.0)
    assert overlap(left, middle) == 0.25 / 0.75
    assert (contained((0.0, 0.0, 0.5, 0.5), left), contained(left, (0.0, 0.0, 0.5, 0.5))) == (1.0, 0.5)
