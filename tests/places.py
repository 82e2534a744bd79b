"""Where things stand: the checkout and the test material beside it.

Owned by the house; read by ``conftest.py`` and by tests that parametrise over files at collection.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""

DEFINITIONS = ROOT / "definitions"

VECTORS = ROOT.parent / "shared" / "vectors"
"""Data by others, beside the checkout and never copied into it."""


def in_ci() -> bool:
    """Whether this run guards the branch, so that nothing may be left out quietly."""
    return bool(os.environ.get("CI"))
