"""The bedside: wires links to the rules, the record and whoever looks on. Runs without Qt, in one thread."""
