"""What a change does as a whole, on real databases."""
