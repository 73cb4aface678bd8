"""The reference customer database: its data map, its tables, what is imported into it, and a company to try it with."""
