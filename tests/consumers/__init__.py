"""`make test-consumers`: every export, loaded by its consumer in the interpreter that the consumer was made for.

The files `ask_*.py` run there, over the packages of this project but not with its code; each writes what it found as
JSON. `*.lock` are the packages that pip resolves for a consumer over ours; nothing of theirs is imported by a test.
"""
