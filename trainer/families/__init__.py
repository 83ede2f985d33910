"""The Video-LLM families: how each is loaded, shown a video and asked a question."""

from trainer.families.family import Family, FrameTimes, VisionFeatures
from trainer.families.opening import open_family

__all__ = ["Family", "FrameTimes", "VisionFeatures", "open_family"]
