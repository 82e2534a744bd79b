"""Measurements: the engine beside the raw driver, its parts alone, and what others do by hand.

``python -m benchmarks`` (``make bench``) measures and prints; it never passes or fails. Nothing in the
packages imports it.
"""
