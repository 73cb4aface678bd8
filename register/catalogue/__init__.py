"""What stands for several activities at once: contracts of processors, measures, decisions on adequacy."""
