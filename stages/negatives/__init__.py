"""Visual negatives: which corruption breaks which claim, by the checker on the corrupted scene."""
