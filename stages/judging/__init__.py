"""Language models as judges: they see the frames, and say what the scene cannot prove."""
