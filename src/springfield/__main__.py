"""`python -m springfield` is the same door as `springfield`."""

from __future__ import annotations

import sys

from springfield.doors.cli import main

sys.exit(main())
