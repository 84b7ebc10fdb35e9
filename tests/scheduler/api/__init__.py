"""The doors, through the real app and a real database."""
