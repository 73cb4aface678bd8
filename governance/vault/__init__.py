"""How personal data is sealed, and how decisions are attested: keyring, subject keys, boxes, blind indexes, MACs."""
