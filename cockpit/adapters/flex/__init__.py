"""Flex statements: fetched with a token in two steps, or read from a file that the trader saved."""
