"""Entries: their canonical form, sealing, and what they replay to."""
