"""Claims, pairs and clips as words and pictures for people."""
