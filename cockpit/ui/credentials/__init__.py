"""The parts of the credentials pane: findings, inventory, client ids, ways back in with their drill."""
