"""Adopting an existing database: look at its structure and at a sample of its content, and propose a data map."""
