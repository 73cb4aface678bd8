"""Builders and fakes, one file per room; every value is fictional and under `.example`."""
