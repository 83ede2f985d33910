"""The writer `facts`: questions about a Scene with one true answer and provably false ones; one file per family."""
