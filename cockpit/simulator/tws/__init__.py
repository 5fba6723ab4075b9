"""The simulated API socket."""
