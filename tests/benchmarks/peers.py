"""One way to decode, in a warm process of its own: a line of JSON in, a line of JSON out.

`python tests/benchmarks/peers.py NAME`. A peer decodes in its own process and hands nothing over: what it is asked
for it has at once. It is given the numbers of the frames, so that it need not find them out. One thread each.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Request = dict[str, Any]
Frames = tuple[list[float], Any]
"""Times, if the peer gives them, and pixels: N x height x width x RGB."""


def pyav_in_order() -> Callable[[Request], Frames]:
    """PyAV decodes every frame up to the last one wanted, and converts those wanted."""
    import av

    def decode(request: Request) -> Frames:
        wanted = set(request["numbers"])
        times, frames = [], []
        with av.open(request["path"]) as container:
            stream = container.streams.video[0]
            stream.thread_type, stream.codec_context.thread_count = "NONE", 1
            for number, frame in enumerate(container.decode(stream)):
                if number in wanted:
                    times.append(frame.time)
                    frames.append(frame.to_ndarray(format="rgb24"))
                if number == request["numbers"][-1]:
                    break
        return times, np.stack(frames)

    return decode


def opencv() -> Callable[[Request], Frames]:
    """OpenCV grabs every frame up to the last one wanted, and retrieves those wanted."""
    import cv2

    cv2.setNumThreads(1)

    def decode(request: Request) -> Frames:
        wanted = set(request["numbers"])
        capture = cv2.VideoCapture(request["path"], cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        times, frames = [], []
        for number in range(request["numbers"][-1] + 1):
            if not capture.grab():
                break
            if number in wanted:
                times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
                frames.append(cv2.cvtColor(capture.retrieve()[1], cv2.COLOR_BGR2RGB))
        return times, np.stack(frames)

    return decode


def opencv_seek() -> Callable[[Request], Frames]:
    """OpenCV seeks to each frame wanted."""
    import cv2

    cv2.setNumThreads(1)

    def decode(request: Request) -> Frames:
        capture = cv2.VideoCapture(request["path"], cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        times, frames = [], []
        for number in request["numbers"]:
            capture.set(cv2.CAP_PROP_POS_FRAMES, number)
            done, picture = capture.read()
            if not done:
                break
            times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
            frames.append(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
        return times, np.stack(frames)

    return decode


def decord() -> Callable[[Request], Frames]:
    """Decord decodes a batch of frames by their numbers."""
    from decord import VideoReader

    def decode(request: Request) -> Frames:
        reader = VideoReader(request["path"], num_threads=1)
        frames = reader.get_batch(request["numbers"]).asnumpy()
        return [float(reader.get_frame_timestamp(number)[0]) for number in request["numbers"]], frames

    return decode


def torchcodec() -> Callable[[Request], Frames]:
    """Torchcodec decodes frames by their numbers, exact mode."""
    import torch
    from torchcodec.decoders import VideoDecoder

    torch.set_num_threads(1)
    try:
        VideoDecoder(b"")  # FFmpeg's libraries are loaded by the first decoder
    except RuntimeError as error:
        if "libtorchcodec" in str(error):
            raise
    except ValueError:
        pass

    def decode(request: Request) -> Frames:
        decoder = VideoDecoder(request["path"], dimension_order="NHWC", num_ffmpeg_threads=1, seek_mode="exact")
        batch = decoder.get_frames_at(request["numbers"])
        return batch.pts_seconds.tolist(), batch.data.numpy()

    return decode


def both_streams_in_order() -> Callable[[Request], Frames]:
    """PyAV decodes every frame in order, and makes the JPEGs that `build` makes: those to keep and those to look at."""
    import av
    import cv2

    from stages.decode import DecodeVideo
    from stages.drawing.jpeg import jpeg_of
    from stages.video.orientation import Display, orientation_of
    from stages.video.pixels import PixelMaker

    cv2.setNumThreads(1)
    stage = DecodeVideo()

    def decode(request: Request) -> Frames:
        kept, looked = set(request["kept_times"]), set(request["looked_times"])
        keep, look = PixelMaker(stage.short_side), PixelMaker(stage.analysis_short_side)
        last = max(kept | looked)
        display: Display | None = None
        jpegs = []
        with av.open(request["path"]) as container:
            stream = container.streams.video[0]
            stream.thread_type, stream.codec_context.thread_count = "NONE", 1
            for frame in container.decode(stream):
                display = display or Display(orientation=orientation_of(frame))
                if frame.time in kept:
                    jpegs.append(jpeg_of(keep.upright(frame, display), stage.jpeg_quality))
                if frame.time in looked:
                    jpegs.append(jpeg_of(look.upright(frame, display), stage.analysis_jpeg_quality))
                if frame.time == last:
                    break
        if len(jpegs) != len(kept) + len(looked):
            raise RuntimeError(f"{len(jpegs)} of {len(kept) + len(looked)} frames")
        return [], np.zeros(0)

    return decode


PEERS: dict[str, Callable[[], Callable[[Request], Frames]]] = {
    "PyAV in order": pyav_in_order,
    "OpenCV grab": opencv,
    "OpenCV seek": opencv_seek,
    "decord": decord,
    "torchcodec": torchcodec,
    "both streams in order": both_streams_in_order,
}


def main(name: str) -> None:
    """Answer requests until the input ends."""
    try:
        decode = PEERS[name]()
    except (ImportError, OSError, RuntimeError) as error:
        sys.stdout.write(json.dumps({"missing": f"{type(error).__name__}: {str(error).splitlines()[0][:150]}"}) + "\n")
        return
    sys.stdout.write(json.dumps({"ready": name}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        request = json.loads(line)
        answer: Request = {}
        try:
            for _ in range(request["repeats"]):
                times, frames = decode(request)
            if request.get("save"):
                np.save(Path(request["save"]), frames)
                answer["times"] = times
        except Exception as error:  # noqa: BLE001  whatever a peer raises, it has not decoded the clip
            answer = {"failed": f"{type(error).__name__}: {str(error)[:150]}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
