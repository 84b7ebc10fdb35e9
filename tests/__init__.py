"""The tests: they mirror the rooms of the code, and read as sentences."""
