"""One warm child process per worker decodes file after file, so that a crash or a hang there is only a drop here.

`child.ChildProcess` is what the engine uses; `program` is what it starts; `channel` is what the two talk by.
"""
