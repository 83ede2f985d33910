"""Faces and their tracks."""
