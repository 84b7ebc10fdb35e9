"""The tables on both databases."""
