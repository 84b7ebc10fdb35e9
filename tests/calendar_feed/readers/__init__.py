"""Programs that know nothing of ours read our feeds, and must find the hours that we told."""
