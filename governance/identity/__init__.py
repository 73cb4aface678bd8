"""Who is asking: accounts, roles, sessions and tokens. No role counts before its attestation has been checked."""
