"""Where personal data lies, whose it is, and how it is kept: the data map, its numbers and its registry of rows."""
