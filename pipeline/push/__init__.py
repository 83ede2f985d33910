"""Uploads a finished set to the Hugging Face hub."""
