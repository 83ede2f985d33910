"""Tests of files on a disk or a store."""
