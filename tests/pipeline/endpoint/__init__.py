"""The gate in front of language models."""
