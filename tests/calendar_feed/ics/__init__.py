"""The bytes, read back by other programs than wrote them."""
