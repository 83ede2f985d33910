"""The writer `facts`: from a Scene to questions with one true answer and provably false ones; one family a file."""
