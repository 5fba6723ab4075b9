"""The simulated Client Portal gateway."""
