"""Nellcor N-395 / 560 / 595 / 600x and NPB-290 / 295: ASCII lines every two seconds, both ends (protocols.md §6.2)."""
