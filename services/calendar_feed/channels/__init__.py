"""What the calendar feed reads of the world outside: other people's calendars."""
