"""Tells people of their hours: plans reminders as rows, and sends what is due."""
