"""Boxes of named things, frame by frame, become tracks of a Scene, joined with what motion, faces and reading found."""
