"""Ways to deliver a mail, behind one port; each says what happened, never what to do about it."""
