"""Specs become pixels: what a pair shows of its clip, how visible its edits are, and visual negatives."""
