"""A rendered world: things, ground and light, and the frames drawn from them."""
