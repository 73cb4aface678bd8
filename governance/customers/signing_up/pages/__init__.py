"""The pages of signing up: those that people see, and those of whoever keeps the forms."""
