"""Real servers on the loopback that stand for the ones outside."""
