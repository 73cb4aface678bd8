"""Writes that may be sent twice: an Idempotency-Key makes the second one the first one's answer."""
