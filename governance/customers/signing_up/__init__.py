"""Signing up: somebody says on a form what they agree to, and confirms by the link of a letter (double opt-in)."""
