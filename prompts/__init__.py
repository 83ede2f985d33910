"""What the writer says and what models are asked: wordings and a strict template."""
