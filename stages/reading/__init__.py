"""Reads the writing in sampled frames and lays it over a scene."""
