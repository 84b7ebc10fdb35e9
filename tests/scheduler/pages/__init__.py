"""The join page, as a stranger with a link meets it."""
