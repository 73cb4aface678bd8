"""The only door to governed rows: plan, read, write."""
