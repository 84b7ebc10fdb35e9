"""The whole way: three real processes, driven over HTTP as a stranger would."""
