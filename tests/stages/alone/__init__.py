"""Segment twins: one question about two stretches of a clip, each shown alone."""
