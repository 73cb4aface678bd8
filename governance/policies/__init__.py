"""Who may use what, for which purpose, in which form: grants, asked for by one person and approved by another."""
