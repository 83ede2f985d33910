"""The writer `planted`: questions about edits that are planted into a clip, true by construction on any video."""
