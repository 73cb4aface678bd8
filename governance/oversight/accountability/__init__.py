"""The file of accountability: training, the officer's designation, letters of authorities, maturity. GDPR Art. 5(2)."""
