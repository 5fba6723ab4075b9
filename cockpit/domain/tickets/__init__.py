"""Tickets as a trader writes them: one line read, written, completed, and pasted by the sheet."""
