"""What the shared rooms promise."""
