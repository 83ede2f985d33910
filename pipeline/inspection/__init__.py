"""A finished set in plain words and pictures."""
