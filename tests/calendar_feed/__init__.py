"""What the calendar feed promises to those who subscribe."""
