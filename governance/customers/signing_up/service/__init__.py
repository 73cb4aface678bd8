"""The use cases of signing up: forms, what is asked for, what is confirmed."""
