"""What the notifier does, each inside a transaction that the caller or it alone holds."""
