"""Calendars, days and due dates, each with its derivation."""
