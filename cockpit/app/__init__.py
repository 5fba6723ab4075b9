"""Composition: the only place that knows adapters, services and window at once, and how their loops meet."""
