"""Calendars that clinicians keep elsewhere."""
