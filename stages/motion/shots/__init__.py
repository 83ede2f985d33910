"""Cuts, fades and shots."""
