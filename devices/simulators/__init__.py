"""A patient, the bedside around it, and the monitor's side of a wire."""
