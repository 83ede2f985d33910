"""Time in words: "in the first half", "in the second shot", and what such words mean on another clip."""
