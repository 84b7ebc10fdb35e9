"""Pages for people who have a link and no key."""
