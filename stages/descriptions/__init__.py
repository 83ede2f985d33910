"""The writer `descriptions`: answers of several proven clauses, in order of time."""
