"""Compares a policy with its base model on a finished set."""
