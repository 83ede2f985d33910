"""What is said to models: texts, a strict template, reply parsing."""
