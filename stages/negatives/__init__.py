"""Visual negatives: which corruption breaks which claim, proven by the checker on the corrupted scene."""
