"""Pure rules: what a feed holds, which days it shows, and how much it tells."""
