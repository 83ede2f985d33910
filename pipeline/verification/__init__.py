"""Checks a finished set against what it stores: files, clips, pairs with their proofs, and the account."""
