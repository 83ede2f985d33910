"""Shards to groups to scores to losses to an adapter."""
