"""Refusals kept as keyed hashes, so that they outlive the people who made them."""
