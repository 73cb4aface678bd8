"""A map on its way: proposed from a database, corrected column by column, compared with what is in force, loaded."""
