"""Égide: the door around a company's customer database, and the rooms behind it."""
