"""Asynchronous use cases: the only place where facts change."""
