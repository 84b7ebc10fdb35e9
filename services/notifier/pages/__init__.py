"""What mails look like in a browser: those that the maildir channel "sent", and samples."""
