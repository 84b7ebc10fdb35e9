"""The scheduler, room by room."""
