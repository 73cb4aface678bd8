"""The files of the starting points at the edge: what they may hold, and how they are read."""
