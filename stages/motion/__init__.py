"""Facts from pixels: the detector `motion`, on OpenCV alone (no weights, no network)."""
