"""The Web API as OAuth callers meet it: every signature is verified, nothing unsigned is answered."""
