"""Which activities are likely to need an impact assessment, as far as their records tell. GDPR Art. 35."""
