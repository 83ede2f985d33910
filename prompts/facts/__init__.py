"""The wordings of the writer `facts`: one YAML file for each family of predicates."""
