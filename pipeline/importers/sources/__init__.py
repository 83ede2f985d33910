"""The formats that can be imported, one file for those of one publisher."""
