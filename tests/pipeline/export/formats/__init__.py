"""What each consumer reads."""
