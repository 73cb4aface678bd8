"""What may be read of data collected for something else. GDPR Art. 6(4)."""
