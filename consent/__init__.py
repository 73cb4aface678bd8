"""What people agreed to: events as they happened, and the state derived from them."""
