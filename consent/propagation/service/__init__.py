"""The use cases of propagation, one file each."""
