"""One step per file; a stage knows nothing of its executor."""
