"""Pure rules, with no database and no clock."""
