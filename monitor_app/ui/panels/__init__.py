"""Entry panels that slide over the trend row, never over waves, tiles or the alarm bar (screen.md, Panels)."""
