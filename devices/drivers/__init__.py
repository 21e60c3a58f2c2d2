"""One driver per device family."""
