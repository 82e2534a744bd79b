"""Scenario files: read, played over the step in memory, compared, counted."""
