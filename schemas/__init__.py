"""What the data is: frozen records, claims, drops, errors, and the Arrow tables made of them."""
