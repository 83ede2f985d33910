"""Who borrows from whom."""

import pytest

from pipeline.finalise.partners import with_partners
from pipeline.finalise.result import KeptVideo
from schemas.video import Split, VideoRef


def video(number: int, split: Split = Split.TRAIN) -> KeptVideo:
    """A video without groups."""
    return KeptVideo(VideoRef(uri=f"{number}.mp4"), f"hash{number}", f"v{number}", split, ())


@pytest.mark.parametrize("videos", [1, 2, 3, 9])
def test_partners_are_other_videos_of_the_split(videos: int) -> None:
    """At most four each, none twice, none of the other split, and never the video itself; each lends equally often."""
    of_train = [video(number) for number in range(videos)]
    found = list(with_partners([*of_train, video(100, Split.VALIDATION)], "test", 0, 4))
    assert {one.video_id for one, _ in found} == {f"v{number}" for number in (*range(videos), 100)}
    lent: dict[str, int] = {}
    for one, partners in found:
        ids = [partner.video_id for partner in partners]
        assert one.video_id not in ids
        assert len(set(ids)) == len(ids) == (min(4, videos - 1) if one.split is Split.TRAIN else 0)
        assert {partner.split for partner in partners} <= {one.split}
        for name in ids:
            lent[name] = lent.get(name, 0) + 1
    assert set(lent.values()) <= {min(4, videos - 1)}
