"""Command line, recipes, plan, runner, and what reads a finished set."""
