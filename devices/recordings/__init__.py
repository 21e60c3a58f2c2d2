"""Recordings of real patients as sources for a simulated monitor: WFDB and CSV files."""
