"""The Video-LLM families: how each is loaded, shown a video and asked a question."""

from stages.models.video_llm.family import Family, FrameTimes, VisionFeatures
from stages.models.video_llm.opening import open_family

__all__ = ["Family", "FrameTimes", "VisionFeatures", "open_family"]
