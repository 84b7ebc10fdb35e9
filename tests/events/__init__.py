"""The message schema, and every version of it ever sent."""
