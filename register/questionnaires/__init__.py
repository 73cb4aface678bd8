"""Questionnaires: what somebody without an account is asked about an activity, by a link. GDPR Art. 28(3)(h), 30."""
