"""What every service has on the web."""
