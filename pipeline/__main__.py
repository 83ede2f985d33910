"""`vidpref`, or `python -m pipeline`."""

import sys

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(exit_code(app, sys.argv[1:]))


if __name__ == "__main__":
    main()
