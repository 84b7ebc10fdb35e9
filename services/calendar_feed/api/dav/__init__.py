"""Feeds as read-only CalDAV: RFC 4791 with 4918, 5397 and 6578."""
