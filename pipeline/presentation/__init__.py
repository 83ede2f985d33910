"""Shows claims, pairs and clips to people, in words and in pictures."""
