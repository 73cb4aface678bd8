"""What stands for several activities: organisations, contracts with processors, measures, decisions on adequacy."""
