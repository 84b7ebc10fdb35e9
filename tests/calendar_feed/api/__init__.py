"""The calendar feed over HTTP."""
