"""Where the `handrail` command begins: a module whose name no repository has for a package of its own.

With PYTHONPATH=. in a repository that holds a package `handrail`, a command that began in ours would import
theirs.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from handrail.__main__ import main

__all__ = ["main"]
