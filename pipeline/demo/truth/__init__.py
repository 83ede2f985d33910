"""Computes the ground truth of a rendered clip from its world."""
