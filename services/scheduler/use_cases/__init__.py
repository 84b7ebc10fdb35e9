"""What the scheduler does: each function runs inside one transaction of its caller.

They lock, read, decide by the domain, store, and tell the event last.
"""
