"""Berry PM6750 / PM1200 / BM-series boards: frames ``55 AA``, both ends of the wire (protocols.md §1)."""
