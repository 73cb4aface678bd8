"""Tables that people bring: CSV, XLSX and ODS, opened within bounds and read in fear."""
