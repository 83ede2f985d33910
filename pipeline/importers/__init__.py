"""What others have published or annotated becomes a manifest.

A source (`sources/`) translates its format and judges nothing. `fit` decides which of it can be used, `media` finds the
files, `exclusions` and `richness` say which videos stay, and `run` writes the manifest and accounts for every item.
"""
