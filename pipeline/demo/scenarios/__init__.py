"""Draws worlds from scenarios that together make every predicate true and false."""
