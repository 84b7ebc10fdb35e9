"""The web side that every service has: one skeleton, and the rooms fill it."""
