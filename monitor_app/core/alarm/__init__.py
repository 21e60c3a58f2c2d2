"""The alarm system: rules, their life cycle, and what the engine is told (clinical.md §5-§6)."""
