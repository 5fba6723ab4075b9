"""The parts of the trust pane: its lines, the reasons of one line, attempts, push, hardening, and the forms."""
