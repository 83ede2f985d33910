"""The detector `motion`, tested."""
