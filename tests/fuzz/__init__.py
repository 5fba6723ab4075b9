"""Long runs with random hostile input, for the figures that the ordinary tests only sample."""
