"""Renders clips with exact ground truth, for `make demo` and `make prove`.

    python -m pipeline.demo.render --seed 1 --count 12 --out DIR     # writes DIR/videos/*.mp4 and DIR/truth/*.json

In Python, `render_set(demo_worlds(seed, count), DIR)` returns the paths of the videos, and
`read_truth(DIR / "truth" / "NAME.json")` the true `Scene` of each.
"""
