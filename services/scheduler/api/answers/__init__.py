"""What the scheduler answers, as models that its reference is made from."""
