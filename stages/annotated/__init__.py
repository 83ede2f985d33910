"""What a manifest's annotations say about a clip, laid over what pixels show.

`fit` says whether annotations can be about a video at all, `lay_over` makes the Scene; the other files each make one
part of it. Uncertain annotations are never asserted, but whatever they could make wrong is not asserted either.
"""
