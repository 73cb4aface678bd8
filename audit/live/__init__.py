"""The check of the log where it lies: what a holder of the keys can find out about every row."""

from audit.live.walk import LiveCheck, verify_live

__all__ = ["LiveCheck", "verify_live"]
