"""What makes this database one installation, and no other."""
