"""SunTech Advantage OEM blood pressure modules: both ends of the wire (protocols.md §8.1)."""
