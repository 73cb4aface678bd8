"""Documents: HTML of our own made into tagged PDF, in a process of its own that reaches nothing.

`printer.py` is what the house asks, `print_process.py` what does it. What a document says the rooms above decide.
"""
