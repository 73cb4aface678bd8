"""The forms of the lines of a record, and of what stands for several activities."""
