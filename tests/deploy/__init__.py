"""What runs the services for a practice: containers, secrets, settings."""
