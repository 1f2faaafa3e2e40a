"""`python -m index`: build."""

import sys

from index.cli import main

if __name__ == "__main__":
    sys.exit(main())
