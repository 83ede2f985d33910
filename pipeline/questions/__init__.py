"""A finished set as the source of another build: its videos, clips, scenes and questions are taken as they are."""
