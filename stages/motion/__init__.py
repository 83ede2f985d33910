"""The detector `motion`: finds facts in pixels with OpenCV alone (no weights, no network)."""
