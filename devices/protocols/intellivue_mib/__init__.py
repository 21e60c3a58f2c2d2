"""Philips IntelliVue monitors over MIB/RS-232, data export: both ends of the wire (protocols.md §3)."""
