"""What keeps the code small, plain and in its rooms."""
