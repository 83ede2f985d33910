"""Whether and how the camera moves."""
