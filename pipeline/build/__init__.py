"""`vidpref build` and `vidpref plan`: a recipe and videos become a finished set."""
