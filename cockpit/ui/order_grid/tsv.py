"""Cells of tab-separated text that a spreadsheet takes for what they are."""

from __future__ import annotations


def flat(text: str) -> str:
    """Keep a text inside its cell, and keep a spreadsheet from taking it for a formula."""
    flat = " ".join(text.split())
    return f"'{flat}" if flat[:1] in ("=", "+", "-", "@") else flat
