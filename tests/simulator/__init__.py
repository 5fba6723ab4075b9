"""Tests of the simulated desk: every one over real sockets."""
