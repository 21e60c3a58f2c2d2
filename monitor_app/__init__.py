"""Chairside: the program around the chair. See docs and README for the plan of the house."""

__version__ = "0.1.0"
