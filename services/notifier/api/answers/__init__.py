"""What the notifier answers, as models that its reference is made from."""
