"""What --videos names, and the content of the files."""
