"""Anything a practice does, in any order, against a reference model that a page can hold."""
