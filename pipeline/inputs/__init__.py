"""What --videos names, and what is in the files."""
