"""What is true of a rendered world, computed from the world itself."""
