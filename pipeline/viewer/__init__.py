"""Shows a finished set in a browser, and keeps what people say of it."""
