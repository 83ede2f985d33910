"""Questions whose answers a program can tell."""
