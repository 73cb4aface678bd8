"""Pictures of the register: pure functions from what a record says, in words, to shapes that a page draws as SVG."""
