"""Flask's materials: what every page and route is made of. No room's rules live here."""
