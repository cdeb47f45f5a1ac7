"""Handrail: an internal developer platform for reliability."""

import sys
from pathlib import Path

__version__ = "0.1.0"

# Handrail runs inside other people's repositories, which may hold a `catalog/` or `web/` of their own:
# with PYTHONPATH=. or `python -m handrail` those would be imported. Its own root comes first.
_ROOT = str(Path(__file__).resolve().parent.parent)
if sys.path[:1] != [_ROOT]:
    sys.path.insert(0, _ROOT)
