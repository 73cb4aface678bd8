"""The lines of a record beside its purposes: proposed, in force or leaving, as the rest. GDPR Art. 30(1), 30(2)."""
