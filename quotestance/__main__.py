"""``python -m quotestance`` is the command quotestance."""

import sys

from quotestance.cli import main

sys.exit(main())
