"""Oversight: the first page of every role. What waits, what differs, how it goes; each leads to the rows behind it."""
