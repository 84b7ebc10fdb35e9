"""What the calendar feed does, each step inside a transaction of its caller or its own."""
