"""Telling people whose data came in a file from elsewhere: the first message, and what the rows know of it."""
