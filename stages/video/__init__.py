"""Video files: opening, packets, frame times, pixels, clips."""
