"""Everything that knows a wire: signals, transports, protocols, drivers, links and simulated monitors."""
