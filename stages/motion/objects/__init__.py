"""Moving objects: from background and regions to tracks and events."""
