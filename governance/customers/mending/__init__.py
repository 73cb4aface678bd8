"""Imports whose account was altered outside Égide, each written anew as the log has it."""
