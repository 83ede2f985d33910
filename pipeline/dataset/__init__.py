"""A finished set on disk: its shards, account and card, written and read."""
