"""Campaigns: who may be solicited, by which way, and when."""
