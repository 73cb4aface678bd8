"""The register as a table, one line an activity: CSV and XLSX written, and registers that others keep as one read."""
