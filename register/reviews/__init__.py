"""When each record is to be looked at again, and who is reminded of it. GDPR Art. 24(1), 30."""
