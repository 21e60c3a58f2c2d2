"""The visit: its phases, guards, questions and timers (clinical.md §3, §4, §12)."""
