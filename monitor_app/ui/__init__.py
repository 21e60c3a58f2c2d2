"""Qt only: windows, panels, the waveform strip, trend plots, sound."""
