"""The folders, the log and the one instance of a profile."""
