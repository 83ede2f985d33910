"""Language models as writers."""
