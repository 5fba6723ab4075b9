"""What the Playbook pane is made of: its edits, its words, and the parts it shows."""
