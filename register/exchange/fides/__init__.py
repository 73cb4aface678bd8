"""Systems and datasets as Fides keeps them in YAML, read as drafts: what is said of them, and nothing that is not."""
