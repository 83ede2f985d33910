"""Tests of pipeline/demo/scenarios/.

The modules catalogue, names, draft, casting and behaviours are tested through the sets drawn from them.
"""
