"""The parts of the permissions pane: its rows, what is told of one permission and one account, the Flex access."""
