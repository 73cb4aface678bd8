"""The guide: the questions of a record in the order in which somebody answers them, and how far they have come."""
