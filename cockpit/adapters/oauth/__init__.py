"""The Web API without the gateway: signed requests to the broker's own host, and a live session token of 24 hours."""
