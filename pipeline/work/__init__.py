"""The work folder of a build: committed units, the lock, and whose output it is."""
