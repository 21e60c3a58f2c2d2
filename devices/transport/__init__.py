"""Bytes in, bytes out: serial URLs, in-memory pipes, pseudo-terminals and capture files."""
