"""Records and rules: plain Python without clock, files, waiting or logging."""
