"""Two nodes: what is on a disk of one of them is refused before anything is computed; reports come from both.

`ray_reports` is tested here too, so that one cluster does for both.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import ray
from pyarrow import fs
from ray.cluster_utils import Cluster

from pipeline.engine.ray_cluster import refuse_unshared
from pipeline.engine.ray_reports import ReportBox, open_reports
from pipeline.engine.ray_start import refuse_silent
from pipeline.engine.video_task import StepReport
from pipeline.inputs.contents import Video
from pipeline.storage.location import Location
from schemas.errors import OutputError, VideosError
from schemas.video import VideoRef

pytestmark = [pytest.mark.ray, pytest.mark.slow(25)]


@pytest.fixture(scope="module", autouse=True)
def two_nodes() -> Iterator[str]:
    """The address of a cluster of two nodes, both on this machine."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False)
    cluster.wait_for_nodes()
    yield cluster.address
    ray.shutdown()
    cluster.shutdown()


def test_a_cluster_that_runs_is_not_refused(two_nodes: str) -> None:
    """Its head answers; a port where nobody listens does not."""
    refuse_silent(two_nodes)
    with pytest.raises(ConnectionError, match="no answer"):
        refuse_silent("127.0.0.1:1")


def a_video(folder: Path) -> Video:
    (folder / "a.mp4").write_bytes(b"video")
    return Video(VideoRef(uri="a.mp4"), Location.parse(str(folder / "a.mp4")), "ab" * 32)


def test_a_shared_disk_is_accepted_and_left_clean(tmp_path: Path) -> None:
    """Both nodes see the folder and the video; the probe is gone afterwards."""
    refuse_unshared(Location.parse(str(tmp_path / "units")), [a_video(tmp_path)])
    assert list((tmp_path / "units").iterdir()) == []


def test_an_output_that_workers_do_not_see_is_refused(tmp_path: Path) -> None:
    """A folder that exists for this process alone is refused as --out, with what to do instead."""
    own = Location(fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()), "units")
    (tmp_path / "units").mkdir()
    hidden = Location(_OfThisProcess(own.filesystem), "units")
    with pytest.raises(OutputError, match="not shared by all 2 nodes of the cluster; use s3:// or a shared disk"):
        refuse_unshared(hidden, [a_video(tmp_path)])


def test_videos_that_workers_do_not_see_are_refused(tmp_path: Path) -> None:
    """A video that is gone by the time workers look is refused as --videos."""
    video = a_video(tmp_path)
    (tmp_path / "a.mp4").unlink()
    with pytest.raises(VideosError, match="--videos is not shared by all 2 nodes"):
        refuse_unshared(Location.parse(str(tmp_path / "units")), [video])


def test_reports_of_all_workers_arrive_once_each_in_its_order() -> None:
    """Two workers report three times each, the last time just before the context ends: six reports, none twice."""
    seen: list[StepReport] = []
    with open_reports(seen.append) as box:
        ray.get([ray.remote(num_cpus=1)(_report_three_times).remote(box, step) for step in ("decode", "ground")])
    for step in ("decode", "ground"):
        assert [report.dropped for report in seen if report.step == step] == [0, 1, 2]
    assert len(seen) == 6


def test_starts_of_a_step_on_a_video_are_counted() -> None:
    """Each step and video has a count of its own, over all workers."""
    with open_reports(lambda _: None) as box:
        starts = [ray.get(ray.remote(num_cpus=0)(ReportBox.begin).remote(box, "decode", key)) for key in "aba"]
    assert starts == [1, 1, 2]


def _report_three_times(box: ReportBox, step: str) -> None:
    for number in range(3):
        box.add(StepReport(step, dropped=number, cpu_seconds=0.0, bug=None))
    box.begin(step, "any")  # answered after the three are there


class _OfThisProcess(fs.SubTreeFileSystem):
    """A filesystem that another process finds empty."""

    def __init__(self, base: fs.FileSystem) -> None:
        super().__init__("", base)

    def __reduce__(self) -> tuple[type[fs._MockFileSystem], tuple[()]]:
        return fs._MockFileSystem, ()
