"""Wordings of the writer `planted`: one file per form of question, one entry per kind of edit."""
