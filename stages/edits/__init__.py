"""Planted edits: which stored frame is shown when, what is done to its picture, and how visible that is."""
