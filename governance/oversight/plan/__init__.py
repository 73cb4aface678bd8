"""The action plan: one list of what is to be done, whatever it comes from, with who, until when, and the evidence."""
