"""`vidpref train`: a set and a model become a policy."""
