"""The software's version, by itself so that who names it needs no store.

Called by the engine, which writes it into history, and by the command line.
"""

from __future__ import annotations

VERSION = "0.1.0"
