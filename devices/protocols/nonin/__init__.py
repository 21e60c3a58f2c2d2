"""Nonin oximeters: data formats 1, 2, 7, 8 and 13 and the ASCII printout, both ends of the wire (protocols.md §5)."""
