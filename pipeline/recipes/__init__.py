"""Recipes: the shipped YAML files, how one is read, and the identity of a run."""
