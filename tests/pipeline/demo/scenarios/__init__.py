"""Tests of pipeline/demo/scenarios/; catalogue, casting and roles are tested through the sets drawn from them."""
