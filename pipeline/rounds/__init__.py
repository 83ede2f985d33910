"""Builds and trainings that follow one another."""
