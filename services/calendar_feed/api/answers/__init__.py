"""What the calendar feed answers, as models that its reference is made from."""
