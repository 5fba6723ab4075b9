"""The parts of the horizon pane: scale, placing, time line, list and controls."""
