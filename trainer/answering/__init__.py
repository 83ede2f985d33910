"""A policy answers: free text, choices, preferences."""
