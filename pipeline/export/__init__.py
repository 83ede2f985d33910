"""A finished set, handed on to other trainers in the form that each of them reads."""
