"""Device trust: what proves who you are, what limits it, when it was last proven, when it ends."""
