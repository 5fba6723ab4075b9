"""Tests of the set-up: the dev script's decisions, the lock files, and the traps the pins avoid."""
