"""Channels against real servers on the loopback."""
