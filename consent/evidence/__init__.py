"""What proves an event: the words that were shown, how it came in, and what is weak about it. GDPR Art. 7(1)."""
