"""TOML files read into frozen records: what cannot be used is left out and named, the rest works."""

from cockpit.tables.complaint import Complaint, Given
from cockpit.tables.files import line_of, parse, parse_given, read, sieve
from cockpit.tables.hints import field_types

__all__ = ["Complaint", "Given", "field_types", "line_of", "parse", "parse_given", "read", "sieve"]
