"""Signals in numpy: filters, beats, rate, signal quality, alarm sounds."""
