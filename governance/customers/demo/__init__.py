"""The demonstration company: fictional, seeded, loaded in seconds, and always there to try things on."""
