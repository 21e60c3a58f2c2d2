"""Masimo Rad-8, Rad-87 and Radical-7: the ASCII1 line protocol, both ends of the wire (protocols.md §6.1)."""
