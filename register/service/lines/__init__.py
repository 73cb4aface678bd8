"""The lines of a record beside its purposes."""
