"""What people say of the pairs of a set: kept, compared with what the set says, and used to leave pairs out."""
