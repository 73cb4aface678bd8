"""The kinds of drift, a file and a reader each; every reader makes the same number of statements whatever there is."""
