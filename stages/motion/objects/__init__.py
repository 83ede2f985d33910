"""Moving objects: background, regions, trails, tracks, events and links."""
