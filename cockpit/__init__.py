"""The access cockpit: am I in, can I send what I plan, and what changed since the last green morning."""

__version__ = "0.1.0"
