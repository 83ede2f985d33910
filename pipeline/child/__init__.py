"""One warm child process per worker reads the pixels of video after video: a crash or hang there costs one video.

The engine uses `process.ChildProcess`, which starts `program`; the two exchange messages over `channel`.
"""
