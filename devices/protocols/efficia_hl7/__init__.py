"""Philips Efficia CM and SureSigns VS monitors on their serial port: HL7 2.4 on request, both ends (protocols.md §4)."""
