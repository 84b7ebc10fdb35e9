"""The words and times of every mail."""
