"""Pure rules: what is planned, what is still worth saying, and what an answer means."""
