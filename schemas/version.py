"""The version of the schemas; it is part of every fingerprint and of every dataset.json."""

SCHEMA_VERSION = 9
