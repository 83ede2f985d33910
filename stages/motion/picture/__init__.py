"""Measurements of whole pictures: light, hues, places."""
