"""Measurements of the picture as a whole: motion, brightness, hues, places."""
