"""What the writer `facts` says: one file of wordings per family of predicates."""
