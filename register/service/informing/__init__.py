"""Telling people whose data came from elsewhere. GDPR Art. 14."""
