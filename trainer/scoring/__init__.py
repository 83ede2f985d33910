"""Groups become log-probabilities, with caches for the reference and the vision features."""
