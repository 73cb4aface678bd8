"""The preference centre: people see what they chose, and change it by a link from any message. GDPR Art. 7(3), 21."""
