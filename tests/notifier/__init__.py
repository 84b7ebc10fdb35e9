"""The notifier: its rooms, each by itself, and the service as a whole."""
