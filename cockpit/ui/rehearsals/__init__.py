"""The parts of the rehearsals pane: its rows, its questions, and the drill."""
