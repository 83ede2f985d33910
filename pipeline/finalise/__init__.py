"""The pass over the whole set: which questions stay, and which alternative each one takes."""
