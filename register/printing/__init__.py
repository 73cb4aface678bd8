"""The register on paper: one activity, or the whole of it in volumes; the same words as on the pages."""
