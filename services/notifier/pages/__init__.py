"""The mailbox: what the maildir channel "sent", readable in a browser."""
