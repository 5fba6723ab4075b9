"""Authenticator codes: reading a set-up from text or a picture, and computing codes."""
