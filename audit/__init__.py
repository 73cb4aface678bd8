"""The log: what happened, in one Merkle tree that others can check. It knows nothing of identity, keys or customers."""
