"""The simulated Flex service."""
