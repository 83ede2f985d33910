"""Tests of pipeline/viewer/: the tables and the session as they are, the server over HTTP, the pages in a browser."""
