"""Asks language models over the network: one gate owns permits, budget and usage; workers send the bytes."""
