"""The pass over the whole set: which questions stay, and which alternative of each is taken."""
