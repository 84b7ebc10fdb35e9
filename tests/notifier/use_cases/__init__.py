"""What people are told, and when, on a held clock and real databases."""
