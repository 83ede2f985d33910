"""Tests of stages/models/video_llm/."""
