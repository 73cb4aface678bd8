"""Notices: what people are told of the use of their data, written from the register. GDPR Art. 12 to 14."""
