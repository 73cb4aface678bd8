"""The register in files: written out whole, and read back as drafts. GDPR Art. 30(4)."""
