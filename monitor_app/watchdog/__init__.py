"""A small process of its own that sounds when the program that started it no longer lives (clinical.md §5.6)."""
