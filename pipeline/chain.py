"""The steps that one video goes through, in order."""

from dataclasses import dataclass

from stages.payloads import CutRequest, DecodedVideo, GroundedVideo, VideoFile, WrittenVideo
from stages.stage import Stage


@dataclass(frozen=True)
class Chain:
    """The five stages of a run and the seed that all their randomness comes from."""

    decode: Stage[VideoFile, DecodedVideo]
    ground: Stage[DecodedVideo, GroundedVideo]
    generate: Stage[GroundedVideo, WrittenVideo]
    cut: Stage[CutRequest, WrittenVideo]
    verify: Stage[WrittenVideo, WrittenVideo]
    seed: int = 0
