"""Events become entries, on both databases."""
