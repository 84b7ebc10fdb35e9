"""Invitations become RFC 5545 text here, and nowhere else in the notifier."""
