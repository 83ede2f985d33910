"""Prints and draws what a finished set holds."""
