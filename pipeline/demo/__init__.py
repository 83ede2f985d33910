"""A rendered world with exact ground truth: what `make demo` and `make prove` build from.

    python -m pipeline.demo.render --seed 1 --count 12 --out DIR     # DIR/videos/*.mp4 and DIR/truth/*.json

From Python: `render_set(demo_worlds(seed, count), DIR)` gives the paths of the videos, and
`read_truth(DIR / "truth" / "NAME.json")` the `Scene` of each, as the world that was rendered knows it.
"""
