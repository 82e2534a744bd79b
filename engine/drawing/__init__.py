"""Processes drawn: SVG to look at, to print and to pin to the wall.

Owns the geometry of a drawing; what it says is ``workflow.diagram.drawing``'s. Needs nothing but
this package: no program, no library, no font. Called by the command line and by whoever shows a process.
"""

from __future__ import annotations

from engine.drawing.page import svg

__all__ = ["svg"]
