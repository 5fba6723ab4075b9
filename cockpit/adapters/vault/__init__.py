"""The operating system's keychain."""
