"""The event log: a table written in the transaction of each change, which others pull."""
