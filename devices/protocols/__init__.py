"""Sans-I/O protocols, both ends of each wire."""
