"""A finished set, proven again from what is stored: files, rows, references, claims, account."""
