"""What an answer to an exported question is worth: the truth beside it, and the code that scores by it."""
