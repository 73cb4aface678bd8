"""What the organisation declares it does with personal data (GDPR Art. 30), as the program that the gate runs."""
