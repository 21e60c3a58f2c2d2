"""One module per export format; each reads a SessionRecord and nothing else."""
