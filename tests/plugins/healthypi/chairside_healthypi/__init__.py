"""ProtoCentral HealthyPi v5, both ends of its USB wire (protocols.md §9)."""
