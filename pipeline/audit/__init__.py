"""Can the answers be told without the video? Three blind readers, and what else a set may lean to."""
