"""Sentences: stretches of time in words, and rewordings."""
