"""The register as linked data: JSON-LD in the Data Privacy Vocabulary of the W3C's community group, version 2.3.

`vocabulary.py` says which word of the register is which term, `graph.py` tells what is stated, and `shapes.ttl` (SHACL)
says what a register told so has to hold. Nothing is fetched to read it: prefixes are in each file.
"""
