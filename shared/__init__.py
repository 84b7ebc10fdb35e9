"""What the three services share: no business rule, and no knowledge of any service."""
