"""A scripted OpenAI-compatible server: answers from what is known of its videos, and fails and errs as it is told."""
