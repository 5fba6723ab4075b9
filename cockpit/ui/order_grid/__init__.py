"""The grid of order types and interfaces, the ladder behind a cell, and the lists made from both."""
