"""A family of rendered clips on smooth grounds that nothing is tuned on: it is kept for the final figure alone.

It shares with the demo's worlds the description of what happens, from which the truth is computed, and nothing of what
decides the look: ways, colours, grounds, finish, noise and compression are its own.
"""
