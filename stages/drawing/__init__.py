"""Areas of frames: rectangles, and what is painted over them."""
