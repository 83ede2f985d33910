"""The stages, tested."""
