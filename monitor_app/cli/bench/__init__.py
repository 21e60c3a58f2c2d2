"""What ``chairside bench`` measures: one module for each kind of cost, every figure taken on this machine, now."""
