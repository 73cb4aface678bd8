"""The room of whoever keeps the house running: its health, its keys. It shows states and figures, and nobody's data."""
