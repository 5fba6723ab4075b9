"""What can be read off the API wire: frames, names of messages, fields of requests."""
