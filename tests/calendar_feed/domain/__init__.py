"""Which days, how many entries, how much detail."""
