"""The Video-LLM families: how each is loaded, shown a video and asked a question."""

from stages.models.video_llm.family import FrameTimes, ModelFamily, VisionFeatures
from stages.models.video_llm.opening import open_family

__all__ = ["FrameTimes", "ModelFamily", "VisionFeatures", "open_family"]
