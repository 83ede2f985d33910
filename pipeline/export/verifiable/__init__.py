"""What can be asked of a proven question so that a program can tell a right answer."""
