"""The message schema: every event that crosses a service boundary."""
