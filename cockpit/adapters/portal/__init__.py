"""The Client Portal gateway and its Web API."""
