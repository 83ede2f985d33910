"""The policy: a base model with its adapter, loaded, checked and saved."""
