"""Tests of pipeline/demo/scenarios/; catalogue, casting and behaviours are tested through the sets drawn from them."""
