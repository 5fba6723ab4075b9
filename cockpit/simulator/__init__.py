"""The simulated desk: servers that speak the broker's wires on loopback. It imports nothing else of the program."""
