"""Importing files of customers: read, mapped, checked row by row, loaded in small batches, resumed after a stop."""
