"""The version of the schemas: part of every fingerprint and of every dataset.json."""

SCHEMA_VERSION = 3
