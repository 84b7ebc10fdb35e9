"""A small practice on this machine: three services, a mailbox, and something to look at."""
