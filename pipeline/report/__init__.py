"""Writes what a finished set holds, and how good it is, into one file that anyone can open."""
