"""Shards become groups of answers with what is shown for them."""
