"""Feeds over CalDAV."""
